// The simulator's page: holds who I am, which chat is open and what has been seen, and puts it on the screen.

import * as api from "./simulator_api.js";
import { Cast } from "./simulator_cast.js";
import * as view from "./simulator_view.js";

const SHOWN_AT_ONCE = 200;
const MOST_ON_SCREEN = 600;
const NEAR_AT_MOST = 60;
const GAP_MS = 5 * 60 * 1000;
const BOT_CHAT = "private";
const $ = (id) => document.getElementById(id);

// ---- what is remembered between visits -------------------------------------------------------------

const kept = {
  read(name, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(`xiaoge.${name}`)) ?? otherwise;
    } catch {
      return otherwise;
    }
  },
  write(name, value) {
    try {
      localStorage.setItem(`xiaoge.${name}`, JSON.stringify(value));
    } catch {
      // a browser that keeps nothing still works, it only forgets
    }
  },
};

const state = {
  cast: null,
  me: null,
  chat: null, // a group's id, or "private"
  lines: [], // of the open chat, oldest first
  older: true, // whether there may be lines above the first
  last: new Map(), // conversation -> its newest line
  counts: new Map(), // conversation -> lines of others since it was last open
  seen: new Map(Object.entries(kept.read("seen", {}))),
  done: new Set(kept.read("done", [])),
  told: [], // people the bot has spoken to in private, newest first
  quote: null,
  draft: null, // {text, id} of what could not be sent, so that sending again has one effect
  clock: { now: new Date(), at: performance.now() },
  missed: 0,
  held: false, // whether a finger or the mouse is down in the list
  atEnd: true, // whether the newest line is in sight, and is to stay so
};

const conversation = (line) => (line.chat === "private" ? `private/${line.user}` : `group/${line.chat}`);
const openConversation = () => (state.chat === null ? null : conversation({ chat: state.chat, user: state.me.id }));
const now = () => new Date(state.clock.now.getTime() + performance.now() - state.clock.at);
const isComposing = (event) => event.isComposing || event.keyCode === 229; // Safari ends the pinyin before its Enter
const isPhone = () => matchMedia("(max-width: 760px)").matches;
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");

// ---- lines that come in ----------------------------------------------------------------------------

function take(lines, isNew) {
  const open = openConversation();
  const added = [];
  for (const line of lines) {
    state.cast.meet(line);
    const key = conversation(line);
    if (line.edited) {
      if (isNew && key === open && !redraw(line)) added.push(line);
      if (nameOf(state.last.get(key)) === line.id) state.last.set(key, instead(state.last.get(key), line));
      continue;
    }
    state.last.set(key, line);
    if (isNew && line.from === "bot" && isUnknown(line)) askAgain();
    if (key === open && isNew) {
      if (line.n > (state.lines.at(-1)?.n ?? 0)) added.push(line);
      if (!document.hidden) continue;
    }
    if (line.from !== "bot" && line.from === state.me?.id) continue;
    if (line.n > (state.seen.get(key) ?? 0)) state.counts.set(key, (state.counts.get(key) ?? 0) + 1);
    if (line.from === "bot" && line.chat === "private") tell(line.user);
  }
  if (added.length) append(added);
  if (isNew && open && !document.hidden) markSeen(open);
  drawChats();
  drawTold();
}

/** What later words may stand in place of: a line by its number. */
const nameOf = (line) => (line?.edited ? line.id : String(line?.n));

/** A line with the words that now stand in its place. */
const instead = (line, edit) => ({ ...edit, n: line.n, at: line.at, former: everyTap(line) });

/** The buttons of a line, those too that it had before it was edited. */
const everyTap = (line) => [...line.buttons, ...(line.former ?? [])];

/** Lines as they read now: every edited one once, in its own place. */
function folded(lines) {
  const places = new Map();
  const shown = [];
  for (const line of lines) {
    const place = line.edited ? places.get(line.id) : undefined;
    if (place !== undefined) {
      shown[place] = instead(shown[place], line);
      continue;
    }
    places.set(nameOf(line), shown.length);
    shown.push(line);
  }
  return shown;
}

/** Put these words where they belong on the screen; whether that line is there. */
function redraw(edit) {
  const place = state.lines.findLastIndex((line) => line.from === "bot" && nameOf(line) === edit.id);
  if (place < 0) return false;
  const line = instead(state.lines[place], edit);
  state.lines[place] = line;
  $("lines").querySelector(`article[data-n="${line.n}"]`)?.replaceWith(view.message(line, state.me, state.cast, acts));
  if (state.atEnd) $("lines").scrollTop = $("lines").scrollHeight;
  return true;
}

/** Whether the bot spoke where nobody is known yet: it may just have bound the group or seated the person. */
function isUnknown(line) {
  const known = line.chat === "private" ? state.cast.people.get(line.user) : state.cast.chats.get(line.chat);
  return known.grid === null && !known.posts?.length;
}

let asking = 0;

/** Read the organization again, soon and once. */
function askAgain() {
  clearTimeout(asking);
  asking = setTimeout(async () => {
    const loaded = await api.readCast().catch(() => null);
    if (loaded === null) return;
    const met = { people: [...state.cast.people.values()], chats: [...state.cast.chats.values()] };
    state.cast = new Cast(loaded, state.cast.roles, met);
    state.me = state.cast.people.get(state.me.id);
    drawMe();
    drawChats();
    if (state.chat !== null) drawTitle();
  }, 700);
}

function tell(user) {
  state.told = [user, ...state.told.filter((each) => each !== user)].slice(0, 12);
}

function markSeen(key) {
  state.counts.delete(key);
  state.seen.set(key, state.last.get(key)?.n ?? state.seen.get(key) ?? 0);
  kept.write("seen", Object.fromEntries([...state.seen].slice(-500)));
}

// ---- the list on the left --------------------------------------------------------------------------

function drawMe() {
  $("my-avatar").replaceChildren(view.faceOf(state.me.id, state.me.name));
  $("my-name").textContent = state.me.name;
  $("my-posts").textContent = state.cast.postsOf(state.me);
}

function chatsToShow(query) {
  const newestFirst = (a, b) => (state.last.get(`group/${b.id}`)?.n ?? 0) - (state.last.get(`group/${a.id}`)?.n ?? 0);
  const words = query.trim().split(/\s+/).filter(Boolean);
  const rows = [];
  for (const chat of state.cast.chats.values()) {
    const distance = state.cast.distance(chat, state.me);
    const text = `${chat.name} ${state.cast.gridName(chat.grid)} ${chat.id}`;
    if (words.length ? words.every((word) => text.includes(word)) : distance < 2 || state.last.has(`group/${chat.id}`)) rows.push([distance, chat]);
  }
  rows.sort(([far, a], [near, b]) => Math.floor(far / 2) - Math.floor(near / 2) || newestFirst(a, b) || far - near);
  return rows.slice(0, NEAR_AT_MOST);
}

function drawChats() {
  if (state.held) return; // a finger is down: the row must not go from under it
  const query = $("find-chat").value;
  const focused = document.activeElement?.dataset?.key;
  const rows = chatsToShow(query);
  const elements = [];
  if (!query) elements.push(rowOf(BOT_CHAT, "小格", view.faceOfBot(), null));
  let elsewhere = false;
  for (const [distance, chat] of rows) {
    if (distance === 2 && !elsewhere && !query) {
      elsewhere = true;
      elements.push(view.make("li", { class: "section" }, "别处的群"));
    }
    const members = state.cast.neighbours.get(chat.grid) ?? [];
    elements.push(rowOf(chat.id, chat.name, view.faceOfGroup(members), view.badge(chat, state.cast.audience(chat))));
  }
  if (query && !rows.length) elements.push(view.make("li", { class: "section" }, "没有这样的群，换个词再搜"));
  else if (!query && state.cast.chats.size > rows.length) elements.push(view.make("li", { class: "section" }, `还有 ${state.cast.chats.size - rows.length} 个群，搜一搜就有`));
  $("chats").replaceChildren(...elements);
  if (focused) $("chats").querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

function rowOf(chat, name, face, badge) {
  const key = conversation({ chat, user: state.me.id });
  const last = state.last.get(key);
  return view.chatRow({
    key: chat,
    name,
    face,
    badge,
    last: last ? view.summary(last, state.cast, chat !== BOT_CHAT) : chat === BOT_CHAT ? "有事私下说，点这里" : "还没有人说话",
    when: last ? view.shortTime(new Date(last.at), now()) : "",
    unread: state.counts.get(key) ?? 0,
    current: state.chat === chat,
    open: () => openChat(chat),
  });
}

function drawTold() {
  if (state.held) return;
  const waiting = state.told.filter((id) => id !== state.me.id && state.counts.get(`private/${id}`)).slice(0, 4);
  $("told").hidden = waiting.length === 0;
  $("told-people").replaceChildren(
    ...waiting.map((id) =>
      view.make(
        "button",
        { type: "button", "data-told": id, title: state.cast.postsOf(state.cast.people.get(id)), onclick: () => become(state.cast.people.get(id), BOT_CHAT) },
        view.faceOf(id, state.cast.nameOf(id)),
        view.make("span", { class: "words" }, view.make("span", {}, state.cast.nameOf(id)), view.make("span", { class: "faint" }, state.cast.shortPost(id) || "居民")),
        view.make("span", { class: "unread" }, String(state.counts.get(`private/${id}`))),
      ),
    ),
  );
}

// ---- the chat --------------------------------------------------------------------------------------

async function openChat(chat) {
  if (isPhone() && $("app").dataset.view === "list") history.pushState({ chat }, "");
  state.chat = chat;
  state.lines = [];
  state.older = true;
  state.missed = 0;
  unquote();
  toggleTray(false);
  $("app").dataset.view = "chat";
  $("lines").setAttribute("aria-busy", "true"); // so that what was said long ago is not read aloud
  drawTitle();
  $("lines").replaceChildren();
  const wanted = openConversation();
  try {
    const { messages } = await api.readLines({ chat, user: state.me.id, last: SHOWN_AT_ONCE });
    if (openConversation() !== wanted) return;
    const come = state.lines.filter((line) => line.n > (messages.at(-1)?.n ?? 0));
    state.lines = folded([...messages, ...come]);
    state.older = messages.length === SHOWN_AT_ONCE;
    for (const line of messages) state.cast.meet(line);
    drawLines();
    toEnd();
  } catch (fault) {
    toast(fault.message);
  }
  $("lines").removeAttribute("aria-busy");
  markSeen(wanted);
  drawChats();
  drawTold();
  kept.write("chat", chat);
}

/** Back to the list, which is a view of its own on a phone. */
function closeChat() {
  if (!isPhone()) return;
  $("app").dataset.view = "list";
  state.chat = null;
  drawChats();
}

function drawTitle() {
  if (state.chat === BOT_CHAT) {
    $("chat-name").replaceChildren(view.make("span", {}, "小格"));
    $("chat-about").textContent = "只有您和小格看得见";
    return;
  }
  const chat = state.cast.chats.get(state.chat);
  $("chat-name").replaceChildren(view.make("span", {}, chat.name), view.badge(chat, state.cast.audience(chat)));
  $("chat-about").textContent = chat.grid === null ? "还没绑定网格" : [state.cast.grids.get(chat.grid)?.level, state.cast.gridName(chat.grid)].filter(Boolean).join(" · ");
}

const acts = {
  quote: (line) => {
    state.quote = line;
    $("quoting").hidden = false;
    $("quoted-words").textContent = `引用 ${view.summary(line, state.cast, true)}`;
    for (const picked of document.querySelectorAll(".picked")) picked.classList.remove("picked");
    $("words").focus();
  },
  press: async (line, tap, button) => {
    button.disabled = true;
    try {
      await api.say({ ...speaker(), press: tap.press, quote: String(line.n), id: newId() });
      button.setAttribute("aria-pressed", "true");
      finish("press", tap.press !== "");
    } catch (fault) {
      toast(fault.message);
    } finally {
      button.disabled = false;
    }
  },
  isPressed: (line, tap) => state.lines.some((each) => each.kind === "press" && each.from === state.me.id && each.quote === String(line.n) && each.text === tap.press),
  labelOf: (line) => {
    const isIt = (tap) => tap.press === line.text;
    const has = (each) => everyTap(each).some(isIt);
    const shown = state.lines.find((each) => String(each.n) === line.quote && has(each)) ?? state.lines.findLast(has);
    return shown ? everyTap(shown).find(isIt).label : line.text;
  },
  quoted: (line) => {
    if (!line.quote) return "";
    const quoted = state.lines.find((each) => String(each.n) === line.quote || each.id === line.quote);
    return quoted ? view.summary(quoted, state.cast, true) : "更早的一条消息";
  },
};

function elementsOf(lines, before) {
  const elements = [];
  let previous = before ? new Date(before.at) : null;
  for (const line of lines) {
    const at = new Date(line.at);
    if (previous === null || Math.abs(at - previous) > GAP_MS) elements.push(view.stamp(at, now()));
    previous = at;
    elements.push(view.message(line, state.me, state.cast, acts));
  }
  return elements;
}

function drawLines() {
  const elements = elementsOf(state.lines, null);
  $("lines").replaceChildren(...elements);
  if (elements.length) return;
  const words = state.chat === BOT_CHAT ? "有什么事，直接说就行。比如：路灯不亮了" : "这里还很安静，说句话试试";
  $("lines").replaceChildren(view.make("p", { class: "empty" }, words));
}

function append(lines) {
  const box = $("lines");
  box.querySelector(".empty")?.remove();
  const before = state.lines.at(-1) ?? null;
  state.lines.push(...lines);
  for (const line of lines) markPressed(line);
  box.append(...elementsOf(lines, before));
  if (state.atEnd || lines.some((line) => line.from === state.me.id)) {
    toEnd();
    return;
  }
  state.missed += lines.length;
  drawNewer();
}

function markPressed(line) {
  if (line.kind !== "press" || line.from !== state.me.id) return;
  for (const button of $("lines").querySelectorAll(`[data-n="${CSS.escape(line.quote ?? "")}"] [data-press="${CSS.escape(line.text)}"]`)) button.setAttribute("aria-pressed", "true");
}

async function showOlder() {
  if (!state.older || !state.lines.length) return;
  state.older = false; // until it has come: one question at a time
  const wanted = openConversation();
  const box = $("lines");
  try {
    const { messages } = await api.readLines({ chat: state.chat, user: state.me.id, last: SHOWN_AT_ONCE, before: state.lines[0].n });
    if (openConversation() !== wanted) return;
    for (const line of messages) state.cast.meet(line);
    const older = folded(messages);
    state.lines = [...older, ...state.lines];
    const height = box.scrollHeight;
    box.prepend(...elementsOf(older, null));
    box.scrollTop += box.scrollHeight - height;
    state.older = messages.length === SHOWN_AT_ONCE;
  } catch (fault) {
    state.older = true;
    toast(fault.message);
  }
}

function toEnd() {
  if (state.lines.length > MOST_ON_SCREEN) {
    state.lines = state.lines.slice(-SHOWN_AT_ONCE);
    state.older = true;
    drawLines();
  }
  $("lines").scrollTop = $("lines").scrollHeight;
  state.atEnd = true;
  state.missed = 0;
  drawNewer();
}

function drawNewer() {
  $("newer").hidden = state.missed === 0;
  $("newer").textContent = `↓ ${state.missed} 条新消息`;
}

// ---- saying ----------------------------------------------------------------------------------------

function speaker() {
  const chat = state.cast.chats.get(state.chat);
  const said = { chat: state.chat, user: state.me.id, user_name: state.me.name.slice(0, 64) };
  return chat ? { ...said, chat_name: chat.name.slice(0, 64) } : said;
}

async function send(what) {
  const quote = state.quote ? { quote: String(state.quote.n) } : {};
  const text = JSON.stringify({ ...what, ...quote, ...speaker() });
  if (state.draft?.text !== text) state.draft = { text, id: newId() };
  $("send").disabled = true;
  try {
    await api.say({ ...JSON.parse(text), id: state.draft.id });
    state.draft = null;
    unquote();
    return true;
  } catch (fault) {
    toast(fault.message);
    return false;
  } finally {
    $("send").disabled = false;
  }
}

async function sendWords() {
  const text = $("words").value;
  if (!text.trim() || $("send").disabled) return;
  const inGroup = state.chat !== BOT_CHAT;
  if (!(await send({ text }))) return;
  if ($("words").value === text) $("words").value = "";
  fitWords();
  $("words").focus();
  finish("say", inGroup);
}

const stands = {
  photo: async () => ({ photo: `photo-${newId().slice(0, 4)}` }),
  place: async () => word("在哪里？", "比如：3栋2单元门口", "place"),
  scan: async () => word("扫到的是什么？", "二维码里的内容", "scan"),
};

async function word(question, example, name) {
  const answer = await ask(question, example);
  return answer ? { [name]: answer } : null;
}

function ask(question, example, given = "") {
  const dialog = $("ask");
  $("ask-title").textContent = question;
  $("answer").placeholder = example;
  $("answer").value = given;
  dialog.returnValue = "";
  dialog.showModal();
  $("answer").focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "ok" ? $("answer").value.trim() : ""), { once: true });
  });
}

function unquote() {
  state.quote = null;
  $("quoting").hidden = true;
}

function fitWords() {
  const words = $("words");
  words.style.height = "auto";
  words.style.height = `${Math.min(words.scrollHeight + 2, 148)}px`;
}

function toggleTray(open) {
  $("tray").hidden = !open;
  $("more").setAttribute("aria-expanded", String(open));
  $("newer").classList.toggle("raised", open);
}

// ---- who I am --------------------------------------------------------------------------------------

async function become(person, chat) {
  state.me = person;
  kept.write("me", person.id);
  drawMe();
  if (person.posts.some((post) => post.role !== "resident")) finish("switch", state.done.has("say"));
  if (chat !== undefined) await openChat(chat);
  else if (state.chat !== null && $("app").dataset.view === "chat") await openChat(state.chat);
  drawChats();
  drawTold();
}

function drawPeople() {
  const query = $("find-person").value;
  const hasNews = (person) => (state.counts.has(`private/${person.id}`) ? 0 : 1);
  const people = query.trim() ? state.cast.search(query, 80) : state.cast.around(state.me, 80, hasNews);
  const choose = (person) => () => {
    $("people").close();
    become(person);
  };
  const rows = people.map((person) => view.personRow(person, state.cast, state.counts.get(`private/${person.id}`) ?? 0, choose(person)));
  $("found").replaceChildren(...(rows.length ? rows : [view.make("li", { class: "nobody" }, "没找到这个人，换个词试试")]));
}

async function newNeighbour() {
  $("people").close();
  const name = await ask("新邻居叫什么？", "比如：新来的小陈", "新邻居");
  if (!name) return;
  const person = { id: `new-${newId()}`, name, grid: null, posts: [] };
  state.cast.addPerson(person);
  kept.write("people", [...kept.read("people", []), person].slice(-50));
  await become(person);
}

async function newChat() {
  const name = await ask("新群叫什么？", "比如：5栋邻居群", "新开的群");
  if (!name) return;
  const chat = { id: `group-${newId()}`, name, grid: null, audience: "residents" };
  state.cast.addChat(chat);
  kept.write("chats", [...kept.read("chats", []), chat].slice(-50));
  await openChat(chat.id);
}

// ---- three things to try ---------------------------------------------------------------------------

function finish(step, isDone) {
  if (!isDone || state.done.has(step)) return;
  if (step === "press" && !state.done.has("switch")) return;
  state.done.add(step);
  kept.write("done", [...state.done]);
  drawSteps();
}

function drawSteps() {
  for (const step of document.querySelectorAll("[data-step]")) step.classList.toggle("done", state.done.has(step.dataset.step));
}

const tries = {
  say: async () => {
    const stage = state.cast.stage();
    if (!stage) return toast("还没有居民群，先开一个吧");
    await become(stage.resident ?? state.me, stage.chat.id);
    $("words").value = "3栋2单元电梯又停了";
    fitWords();
    $("words").focus();
    return null;
  },
  switch: async () => {
    const stage = state.cast.stage();
    if (!stage) return toast("这里还没有微网格长");
    return become(stage.leader, BOT_CHAT);
  },
};

// ---- time ------------------------------------------------------------------------------------------

function setClock(moment) {
  state.clock = { now: moment, at: performance.now() };
  drawClock();
}

function drawClock() {
  $("now").textContent = view.longTime(now());
  $("now").dateTime = now().toISOString();
}

async function advance(seconds) {
  const buttons = document.querySelectorAll("[data-advance]");
  for (const button of buttons) button.disabled = true;
  $("running").hidden = false;
  try {
    setClock(await api.advance(seconds));
  } catch (fault) {
    toast(fault.message);
  } finally {
    for (const button of buttons) button.disabled = false;
    $("running").hidden = true;
  }
}

// ---- all together ----------------------------------------------------------------------------------

let toastEnds = 0;

function toast(words) {
  $("toast").textContent = words;
  $("toast").hidden = false;
  clearTimeout(toastEnds);
  toastEnds = setTimeout(() => ($("toast").hidden = true), 4000);
}

function wire() {
  $("find-chat").addEventListener("input", drawChats);
  $("find-person").addEventListener("input", drawPeople);
  $("switch").addEventListener("click", () => {
    $("find-person").value = "";
    drawPeople();
    $("people").showModal();
  });
  $("stranger").addEventListener("click", newNeighbour);
  $("new-chat").addEventListener("click", newChat);
  $("back").addEventListener("click", () => (history.state?.chat ? history.back() : closeChat()));
  addEventListener("popstate", closeChat);
  $("show-clock").addEventListener("click", () => toggleTray(false));
  $("show-clock").addEventListener("click", () => $("show-clock").setAttribute("aria-expanded", String($("app").classList.toggle("with-clock"))));
  $("newer").addEventListener("click", toEnd);
  $("unquote").addEventListener("click", unquote);
  $("more").addEventListener("click", () => toggleTray($("tray").hidden));
  $("words").addEventListener("input", fitWords);
  $("words").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
    event.preventDefault();
    sendWords();
  });
  $("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    sendWords();
  });
  // Enter in the one-line question means yes: the first button of the form would say no
  $("answer").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || isComposing(event)) return;
    event.preventDefault();
    $("ask").close("ok");
  });
  $("lines").addEventListener("scroll", () => {
    const box = $("lines");
    state.atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
    if (box.scrollTop < 120) showOlder();
    if (state.atEnd && state.missed) toEnd();
  });
  // the keyboard, the tray and a quote make the chat shorter: the newest line stays in sight
  new ResizeObserver(() => state.atEnd && toEnd()).observe($("lines"));
  $("chats").parentElement.addEventListener("pointerdown", () => (state.held = true));
  for (const end of ["pointerup", "pointercancel"]) {
    addEventListener(end, () => {
      if (!state.held) return;
      setTimeout(() => {
        state.held = false;
        drawChats();
        drawTold();
      }, 60); // the click comes first
    });
  }
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    });
  }
  for (const button of document.querySelectorAll("[data-advance]")) button.addEventListener("click", () => advance(Number(button.dataset.advance)));
  for (const button of document.querySelectorAll("[data-try]")) button.addEventListener("click", tries[button.dataset.try]);
  for (const button of document.querySelectorAll("[data-send]")) {
    button.addEventListener("click", async () => {
      toggleTray(false);
      const what = await stands[button.dataset.send]();
      if (what) await send(what);
    });
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || state.chat === null) return;
    markSeen(openConversation());
    drawChats();
  });
}

/** Whether the server is there; one that came back with another transcript needs a fresh page. */
async function connection(isUp) {
  $("offline").hidden = isUp;
  if (!isUp) return;
  const newest = Math.max(0, ...[...state.last.values()].map((line) => line.n));
  const { next } = await api.readLines({ last: 1 }).catch(() => ({ next: newest }));
  if (next < newest) location.reload();
}

async function start() {
  const [cast, roles, moment, recent] = await Promise.all([api.readCast(), api.readRoles(), api.readClock(), api.readLines({ last: 1000 })]);
  state.cast = new Cast(cast, roles, { people: kept.read("people", []), chats: kept.read("chats", []) });
  for (const [key, n] of state.seen) if (n > recent.next) state.seen.delete(key); // another transcript: nothing of it was seen
  const stage = state.cast.stage();
  const nobody = { id: `new-${newId()}`, name: "新邻居", grid: null, posts: [] };
  state.me = state.cast.people.get(kept.read("me", "")) ?? stage?.resident ?? state.cast.people.values().next().value ?? nobody;
  state.cast.addPerson(state.me);
  setClock(moment);
  drawMe();
  drawSteps();
  take(recent.messages, false);
  wire();
  api.listen(recent.next, (lines) => take(lines, true), connection);
  setInterval(drawClock, 5000);
  setInterval(async () => setClock(await api.readClock().catch(now)), 60_000);
  $("guide").open = matchMedia("(min-width: 1181px)").matches;
  if (!isPhone()) {
    const chat = kept.read("chat", stage?.chat.id ?? BOT_CHAT);
    await openChat(state.cast.chats.has(chat) ? chat : BOT_CHAT);
  }
  document.body.dataset.ready = "true";
}

start().catch((fault) => toast(fault.message));
