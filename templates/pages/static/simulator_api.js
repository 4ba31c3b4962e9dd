// The simulator's HTTP contract as functions, and nothing else.

/** Ask the server; resolves to the answer, rejects with an Error whose message people can read. */
async function call(path, body) {
  const wanted = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  let answer;
  try {
    answer = await fetch(path, wanted);
  } catch {
    throw new Error("没连上小格，等一下再试一次");
  }
  if (answer.status === 413) throw new Error("这句话太长了，分几次说吧");
  if (!answer.ok) throw new Error("小格没听明白，换个说法再试一次");
  return answer.json();
}

export const readCast = () => call("/simulator/cast");
export const readRoles = () => call("/simulator/roles");
export const say = (what) => call("/simulator/messages", what);
export const readClock = async () => new Date((await call("/simulator/clock")).now);
export const advance = async (seconds) => new Date((await call("/simulator/clock", { advance_s: seconds })).now);

/** The newest lines; with `chat` of that chat only, with `before` those before that number. */
export function readLines({ chat, user, last, before }) {
  const query = new URLSearchParams({ last });
  if (chat) query.set("chat", chat);
  if (user) query.set("user", user);
  if (before) query.set("before", before);
  return call(`/simulator/messages?${query}`);
}

/** Every line after number `after`, some at a time as they come; `onState` hears whether the line is up. */
export function listen(after, onLines, onState) {
  let source;
  let waiting = [];
  let seen = after;
  const flush = () => {
    const lines = waiting;
    waiting = [];
    onLines(lines);
  };
  const hear = (event) => {
    const line = JSON.parse(event.data);
    if (line.n <= seen) return;
    seen = line.n;
    if (waiting.length === 0) setTimeout(flush, 30);
    waiting.push(line);
  };
  const open = () => {
    source = new EventSource(`/simulator/events?after=${seen}`);
    source.onmessage = hear;
    source.onopen = () => onState(true);
    source.onerror = () => {
      onState(false);
      if (source.readyState === EventSource.CLOSED) setTimeout(open, 2000); // the browser has given up; we do not
    };
  };
  open();
}
