// What is looked at, kept in the address: any view is a link that can be cited.

const LISTENERS = new Set();
const EMPTY = { view: "map", on: null, before: null, swipe: null, known: null, place: null, incident: null, actor: null, search: null, labels: null };

export const state = { ...EMPTY, ...Object.fromEntries(new URLSearchParams(location.hash.slice(1))) };

export function go(change, { replace = false } = {}) {
  Object.assign(state, change);
  const query = new URLSearchParams(Object.entries(state).filter(([name, value]) => value && value !== EMPTY[name]));
  history[replace ? "replaceState" : "pushState"](null, "", `#${query}`);
  for (const told of LISTENERS) told(new Set(Object.keys(change)));
}

export const onChange = (listener) => LISTENERS.add(listener);

addEventListener("popstate", () => {
  const next = { ...EMPTY, ...Object.fromEntries(new URLSearchParams(location.hash.slice(1))) };
  const changed = Object.keys(next).filter((name) => next[name] !== state[name]);
  Object.assign(state, next);
  for (const told of LISTENERS) told(new Set(changed));
});

// Days as whole numbers, for a slider and for the map's filters.
export const number = (day) => Math.round(Date.parse(`${day}T00:00:00Z`) / 86400000);
export const day = (n) => new Date(n * 86400000).toISOString().slice(0, 10);
export const shown = (text) =>
  text ? new Date(`${text}T00:00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }) : "no day";
export const span = (start, end) => (start === end ? shown(start) : start ? `${shown(start)} – ${end ? shown(end) : "open"}` : `by ${shown(end)}`);
