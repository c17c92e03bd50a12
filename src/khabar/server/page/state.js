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
const numbers = new Map();
export function number(day) {
  if (!numbers.has(day)) numbers.set(day, Math.round(Date.parse(`${day}T00:00:00Z`) / 86400000));
  return numbers.get(day);
}
export const FOREVER = 3000000; // days before and after all
export const day = (n) => new Date(n * 86400000).toISOString().slice(0, 10);
const written = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
export const shown = (text) => (text ? written.format(new Date(`${text}T00:00:00Z`)) : "no day");
export const span = (start, end) => (start === end ? shown(start) : start ? `${shown(start)} – ${end ? shown(end) : "open"}` : `by ${shown(end)}`);

// The number of the state in which a place is on a day, and the state.
export function turnOf({ starts }, day) {
  let at = starts.length - 1;
  while (at > 0 && starts[at] > day) at--;
  return at;
}
export const periodOf = (place, on) => place.periods[turnOf(place, number(on))];
// A state ends where the next one begins.
export const lastDay = ({ next }) => (next ? day(number(next) - 1) : null);
