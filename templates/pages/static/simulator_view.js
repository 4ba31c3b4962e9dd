// What things look like: every element is made here, and words only ever enter as text.

const SVG = "http://www.w3.org/2000/svg";
const FOLD_AT = 1500;
const LANES = { emergency: "紧急", notice: "通知", digest: "汇总" };

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

function tone(id) {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  return `tone-${sum % 8}`;
}

/** The last letter of a name, as one sees it. */
function letter(name) {
  return [...name].at(-1) ?? "?";
}

export function faceOf(id, name) {
  return make("span", { class: `avatar ${tone(id)}`, "aria-hidden": "true" }, letter(name));
}

export function faceOfBot() {
  return make("span", { class: "avatar bot", "aria-hidden": "true" }, "格");
}

export function faceOfGroup(people) {
  const faces = people.slice(0, 3).map((person) => make("span", { class: tone(person.id) }, letter(person.name)));
  return make("span", { class: "avatar group", "aria-hidden": "true" }, make("span", { class: "avatar bot" }, "格"), ...faces);
}

export function badge(chat, words) {
  return make("span", { class: `badge ${chat.grid === null ? "unbound" : chat.audience}` }, words);
}

const DAY = { timeZone: "Asia/Shanghai", month: "numeric", day: "numeric" };
const HOUR = { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const dayWords = new Intl.DateTimeFormat("zh-CN", { ...DAY });
const weekWords = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", weekday: "short" });
const hourWords = new Intl.DateTimeFormat("zh-CN", HOUR);

export function longTime(moment) {
  return `${dayWords.format(moment).replace("/", "月")}日 ${weekWords.format(moment)} ${hourWords.format(moment)}`;
}

/** 14:05 today, 昨天, or 11-22. */
export function shortTime(moment, now) {
  const day = dayWords.format(moment);
  if (day === dayWords.format(now)) return hourWords.format(moment);
  return day === dayWords.format(now - 24 * 3600 * 1000) ? "昨天" : day.replace("/", "-");
}

export function stamp(moment, now) {
  const hour = hourWords.format(moment);
  const words = dayWords.format(moment) === dayWords.format(now) ? hour : `${dayWords.format(moment).replace("/", "月")}日 ${hour}`;
  return make("p", { class: "stamp" }, words);
}

/** What a line is in one row of a list. */
export function summary(line, cast, inGroup) {
  const what = { photo: "[照片]", place: `[位置] ${line.text}`, scan: `[扫码] ${line.text}`, press: "[点了按钮]" }[line.kind] ?? line.text.slice(0, 60).replace(/\s+/g, " ");
  if (line.from === "bot") return inGroup ? `小格：${what}` : what;
  return inGroup ? `${cast.nameOf(line.from)}：${what}` : what;
}

export function chatRow({ key, name, face, badge: mark, last, when, unread, current, open }) {
  const label = unread ? `${name}，${unread} 条没看` : name;
  return make(
    "li",
    {},
    make(
      "button",
      { type: "button", class: "chat", "data-key": key, "aria-current": current ? "true" : null, "aria-label": label, onclick: open },
      face,
      make(
        "span",
        { class: "words" },
        make("span", { class: "first" }, make("span", { class: "name" }, name), mark, make("span", { class: "when" }, when)),
        make("span", { class: "second" }, make("span", { class: "last" }, last), unread ? make("span", { class: "unread", "aria-hidden": "true" }, unread > 99 ? "99+" : String(unread)) : null),
      ),
    ),
  );
}

export function personRow(person, cast, unread, choose) {
  return make(
    "li",
    {},
    make(
      "button",
      { type: "button", class: "chat", "data-person": person.id, onclick: choose },
      faceOf(person.id, person.name),
      make("span", { class: "words" }, make("span", { class: "first" }, make("span", { class: "name" }, person.name)), make("span", { class: "second" }, make("span", { class: "last" }, cast.postsOf(person)))),
      unread ? make("span", { class: "unread" }, unread > 99 ? "99+" : String(unread)) : null,
    ),
  );
}

function wordsOf(line) {
  if (line.kind === "photo") {
    const picture = make("span", { class: "picture", role: "img", "aria-label": "一张照片" }, icon("photo"));
    return make("div", { class: "bubble card photo" }, picture, make("span", { class: "faint" }, line.text));
  }
  if (line.kind === "place" || line.kind === "scan") return make("div", { class: `bubble card ${line.kind}` }, icon(line.kind), make("span", {}, line.text));
  const bubble = make("div", { class: "bubble", dir: "auto" }, line.text.slice(0, FOLD_AT));
  if (line.text.length <= FOLD_AT) return bubble;
  const unfold = make("button", { type: "button", class: "unfold" }, "……展开全部");
  unfold.addEventListener("click", () => bubble.replaceChildren(line.text));
  bubble.append(unfold);
  return bubble;
}

/** One line of a chat. `acts` = {quote(line), press(line, tap, button), isPressed(line, tap), quoted(line)}. */
export function message(line, me, cast, acts) {
  if (line.kind === "press") return make("p", { class: "act", "data-n": line.n }, line.from === me.id ? "我点了" : `${cast.nameOf(line.from)} 点了`, make("b", {}, `「${acts.labelOf(line)}」`));
  const mine = line.from === me.id;
  const isBot = line.from === "bot";
  const name = isBot ? "小格" : cast.nameOf(line.from);
  const post = isBot ? "" : cast.shortPost(line.from);
  const by = mine ? null : make("p", { class: "by" }, name, post ? make("span", { class: "post" }, post) : null);
  const quoted = acts.quoted(line);
  const taps = line.buttons.map((tap) => {
    const button = make("button", { type: "button", "data-press": tap.press, "aria-pressed": String(acts.isPressed(line, tap)) }, tap.label);
    button.addEventListener("click", () => acts.press(line, tap, button));
    return button;
  });
  const body = make(
    "div",
    { class: "body" },
    by,
    LANES[line.lane] ? make("span", { class: `lane ${line.lane === "emergency" ? "" : "notice"}` }, LANES[line.lane]) : null,
    wordsOf(line),
    line.edited ? make("p", { class: "edited faint" }, "已更新") : null,
    quoted ? make("p", { class: "quote-block" }, make("span", {}, quoted)) : null,
    taps.length ? make("div", { class: "taps", role: "group", "aria-label": "可以点的按钮" }, ...taps) : null,
  );
  const quote = make("button", { type: "button", "aria-label": `引用${mine ? "我" : name}说的这句` }, icon("quote"), "引用");
  quote.addEventListener("click", () => acts.quote(line));
  const classes = ["message", mine ? "mine" : "", isBot ? "from-bot" : "", line.lane === "emergency" ? "emergency" : ""].filter(Boolean).join(" ");
  const element = make("article", { class: classes, "data-n": line.n, "aria-label": `${mine ? "我" : name}说` }, isBot ? faceOfBot() : faceOf(line.from, name), body, make("div", { class: "side-act" }, quote));
  body.querySelector(".bubble").addEventListener("click", () => pick(element));
  return element;
}

/** Show what can be done with this bubble, and with no other. */
function pick(element) {
  const picked = element.classList.contains("picked");
  for (const other of element.parentElement.querySelectorAll(".picked")) other.classList.remove("picked");
  element.classList.toggle("picked", !picked && getSelection().isCollapsed);
  element.scrollIntoView({ block: "nearest" });
}
