// The board keeps itself fresh: every two seconds it asks for what changes, and its clock goes by the bot's.
const EVERY_MS = 2000;
const PATIENCE_MS = 10000;
const page = document.body;
const board = document.getElementById("board");
const trouble = document.getElementById("trouble");
let ahead = Number(page.dataset.asOf) * 1000 - Date.now();
let asOf = Number(page.dataset.asOf);
let live = page.dataset.live === "yes";

function two(number) {
  return String(number).padStart(2, "0");
}

function lasts(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const days = Math.floor(whole / 86400);
  const hours = Math.floor(whole / 3600) % 24;
  const minutes = Math.floor(whole / 60) % 60;
  if (days) return `${days}天 ${hours}:${two(minutes)}:${two(whole % 60)}`;
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

function tick() {
  const until = page.dataset.until ? Number(page.dataset.until) * 1000 : Date.now() + ahead;
  document.getElementById("elapsed").textContent = lasts(until / 1000 - Number(page.dataset.began));
  const at = new Date(asOf * 1000).toLocaleTimeString("zh-CN", { hour12: false, timeZone: page.dataset.zone });
  document.getElementById("as-of").textContent = at;
}

function say(name) {
  trouble.hidden = !name;
  trouble.textContent = name ? document.getElementById(name).content.textContent : "";
  page.classList.toggle("stale", Boolean(name));
}

async function look() {
  let answer;
  try {
    answer = await fetch(page.dataset.now, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    say("lost");
    return;
  }
  if (answer.status === 403) {
    live = false;
    say("closed");
    return;
  }
  if (!answer.ok) {
    say("lost");
    return;
  }
  board.innerHTML = await answer.text();
  asOf = Number(answer.headers.get("X-As-Of"));
  ahead = asOf * 1000 - Date.now();
  live = answer.headers.get("X-Live") === "yes";
  say("");
  if (!live) location.reload();
}

async function keepLooking() {
  if (!live) return;
  if (!document.hidden) await look();
  setTimeout(keepLooking, EVERY_MS);
}

tick();
setInterval(tick, 1000);
setTimeout(keepLooking, EVERY_MS);
page.dataset.ready = "yes";
