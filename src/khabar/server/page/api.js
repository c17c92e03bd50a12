// The API's answers, each asked for once.

const kept = new Map();

export async function ask(path, query = {}) {
  const asked = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== ""));
  const address = `/api/v1/${path}${asked.size ? `?${asked}` : ""}`;
  if (!kept.has(address)) {
    const answer = fetch(address).then(read);
    kept.set(address, answer);
    answer.catch(() => kept.delete(address));
    if (kept.size > 200) kept.delete(kept.keys().next().value);
  }
  return kept.get(address);
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
