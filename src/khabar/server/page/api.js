// The API's answers, each asked for once, and decisions, signed with the token of this tab.

const kept = new Map();
let heard = () => {};

export async function ask(path, query = {}) {
  const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== ""));
  const address = `/api/v1/${path}${asked.size ? `?${asked}` : ""}`;
  if (!kept.has(address)) {
    const answer = watched(fetch(address).then(read));
    kept.set(address, answer);
    answer.catch(() => kept.delete(address));
    if (kept.size > 200) kept.delete(kept.keys().next().value);
  }
  return kept.get(address);
}

// While an answer takes long: what the server is at (`working`), null once it is there.
let waiting = 0, timer = null, working = () => {};
export const onWork = (listener) => (working = listener);

function watched(answer) {
  waiting += 1;
  timer ??= setInterval(look, 1000);
  const done = () => {
    waiting -= 1;
    if (waiting) return;
    clearInterval(timer);
    timer = null;
    working(null);
  };
  answer.then(done, done);
  return answer;
}

async function look() {
  const found = await fetch("/api/v1/progress").then(read).catch(() => null);
  if (waiting && found?.seconds > 1) working(found);
}

async function read(response) {
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Error(body?.error ? `${body.error.message}. ${body.error.hint}` : `the server answered ${response.status}`);
  return body;
}

export async function all(path, query = {}, most = 5000) {
  const items = [];
  let total = 0;
  for (let after = 0; after !== null && items.length < most; ) {
    const page = await ask(path, { ...query, limit: 1000, after });
    items.push(...page.items);
    ({ total } = page);
    after = page.next;
  }
  return { items, total };
}

// --- deciding

// The token lives as long as the tab, and no longer.
export function token(value) {
  if (value === null) sessionStorage.removeItem("token");
  else if (value !== undefined) sessionStorage.setItem("token", value);
  return sessionStorage.getItem("token");
}

const signed = () => ({ Authorization: `Bearer ${token()}` });
export const whose = () => fetch("/api/v1/person", { headers: signed() }).then(read);

export async function send(path, body) {
  const made = await fetch(`/api/v1/${path}`, { method: "POST", headers: { ...signed(), "Content-Type": "application/json" }, body: JSON.stringify(body) }).then(read);
  forget();
  heard();
  return made;
}

// After a decision every answer may be another.
export const forget = () => kept.clear();
export const onDecision = (listener) => (heard = listener);
