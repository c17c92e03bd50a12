// The address → the page: a map, a list or a graph of one day as known on another, and the evidence beside it.

import { all, ask, onDecision, onWork } from "./api.js";
import { by, el, plural } from "./dom.js";
import { VIEWS as LISTS } from "./lists.js";
import { World } from "./map.js";
import { showActor, showBetween, showIncident, showNothing, showPlace, stateWords } from "./panel.js";
import { incidentDesk, review } from "./review.js";
import { FOREVER, go, number, onChange, periodOf, shown, state } from "./state.js";
import { isSite, keyOf, legendIcon, look, rank } from "./symbols.js";
import { Time } from "./time.js";

let record, places = [], byKey = new Map(), known = null, stale = false, VIEWS = LISTS;
const world = new World(by("map")), other = new World(by("other"));

function tell(words) {
  by("notice").textContent = words ?? "";
  by("notice").hidden = !words;
}

// What the server is at while an answer takes long.
function work(found) {
  by("working").hidden = !found;
  if (!found) return;
  const done = found.left ? found.places - found.left : null;
  by("working").replaceChildren(
    done === null ? `The server is working this out: ${plural(Math.round(found.seconds), "second")} so far. ` : `The server is working out who held what: ${done.toLocaleString("en")} of ${plural(found.places, "place")}. `,
    "What it finds is kept for the next time.", done === null ? el("progress", {}) : el("progress", { max: found.places, value: done }));
}

async function load() {
  known = state.known;
  places = unfolded(await ask("periods", { known_by: state.known, short: true }));
  byKey = new Map(places.map((place) => [place.key, place]));
}

// Rows of states → states: parties by their numbers, each state until the next one begins; and the numbers of the days on which they begin.
function unfolded({ parties, places: found }) {
  const party = (at) => (at === null ? null : parties[at]);
  for (const place of found) {
    place.periods = place.periods.map(([date_start, status, standing, holder, previous, besieged, disputed, last_report], i, rows) => ({
      date_start, next: rows[i + 1]?.[0] ?? null, status, standing, holder: party(holder), previous: party(previous), besieged_by: party(besieged), disputed_by: disputed.map(party), last_report,
    }));
    place.starts = place.periods.map(({ date_start }) => (date_start ? number(date_start) : -FOREVER));
  }
  return found;
}

function views() {
  const bar = by("views");
  bar.replaceChildren(...Object.entries(VIEWS).map(([name, [title]]) =>
    el("button", { "aria-current": state.view === name ? "page" : null, onclick: () => go({ view: name }) }, title)));
  const now = bar.querySelector("[aria-current]");
  if (now) bar.scrollLeft = now.offsetLeft - bar.offsetLeft - 40; // on a phone the bar is longer than the screen
}

async function list() {
  const [, make] = VIEWS[state.view] ?? VIEWS.map;
  by("stage").hidden = Boolean(make);
  by("list").hidden = !make;
  if (!make) return world.fitted || world.fit();
  const asked = JSON.stringify(state);
  by("list").setAttribute("aria-busy", "true");
  try {
    const made = await make(places);
    if (asked === JSON.stringify(state)) by("list").replaceChildren(...made.flat());
  } catch (error) {
    by("list").replaceChildren(el("p", { class: "error" }, error.message));
  }
  by("list").removeAttribute("aria-busy");
}

let tallest = 0;
addEventListener("resize", () => (tallest = 0));

function legend() {
  const holders = new Map(), counts = new Map();
  for (const place of places) {
    const { holder } = place.latitude === null && !place.shape ? {} : periodOf(place, state.on);
    if (!holder) continue;
    holders.set(keyOf(holder), holder);
    counts.set(keyOf(holder), (counts.get(keyOf(holder)) ?? 0) + 1);
  }
  const top = [...holders].sort((a, b) => counts.get(b[0]) - counts.get(a[0])).slice(0, 8);
  const sample = { status: "held", standing: "assessed", holder: top[0]?.[1] ?? null, disputed_by: [], previous: null, besieged_by: null };
  const rows = top.map(([, holder]) => [look({ ...sample, holder }, {}), `${holder.name} (${counts.get(keyOf(holder))})`]);
  if (top.length)
    rows.push([look({ ...sample, standing: "claimed" }, {}), "claimed only"], [look({ ...sample, status: "contested", disputed_by: top.slice(1, 2).map(([, holder]) => holder) }, {}), "contested"],
      [look({ ...sample, besieged_by: top[1]?.[1] ?? { id: "x" } }, {}), "besieged"], [look({ ...sample }, { precision: "near_town" }), "near, not in it"]);
  if (top.length && places.some(isSite)) rows.push([look({ ...sample }, { precision: "exact" }), "a post or a building"]);
  rows.push([look({ ...sample, status: "unknown", holder: null }, {}), "unknown"]);
  const lost = places.filter((place) => place.latitude === null && !place.shape).length;
  by("legend").replaceChildren(...rows.map(([name, words]) => el("span", {}, legendIcon(name), words)),
    el("span", { class: "soft" }, "paler: older reports"), places.some((place) => place.shape) ? el("span", { class: "soft" }, "dashed areas: somewhere in it; lines: roads, straightened") : "", lost ? folded(`${lost} places without a point`, unplaced) : "", places.length ? folded("Places as a list", everyPlace) : "");
  if (!openLists.size) tallest = Math.max(tallest, by("legend").offsetHeight);
  by("legend").style.minHeight = `${openLists.size ? 0 : tallest}px`; // else the map would grow and shrink under a slider that moves
}

// A list that is made when it is opened, and stays open as the slider moves.
const openLists = new Set();
function folded(title, make) {
  const kind = make.name, opened = openLists.has(kind);
  return el("details", { open: opened, ontoggle: (event) => {
    if (event.target.open === openLists.has(kind)) return;
    event.target.open ? openLists.add(kind) : openLists.delete(kind);
    if (event.target.open && event.target.children.length < 2) event.target.append(make());
  } }, el("summary", {}, title), opened ? make() : "");
}

function unplaced() {
  const rows = places.filter((place) => place.latitude === null && !place.shape);
  return el("ul", {}, rows.slice(0, 200).map((place) => el("li", {}, el("button", { class: "link", dir: "auto", onclick: () => go({ place: place.key }) }, place.name), `: ${stateWords(periodOf(place, state.on))}`)));
}

function day() {
  world.show(number(state.on));
  if (state.before) other.show(number(state.before));
  legend();
}

function captions() {
  by("maps").style.setProperty("--before", state.before ? `"${shown(state.before)}"` : '""');
  by("maps").style.setProperty("--after", state.before ? `"${shown(state.on)}"` : '""');
}

// One map above the other, the day before to the left of a line that can be dragged; without it they stand side by side.
function swipe() {
  const swiped = isSwiped();
  by("swipe").hidden = !state.before;
  by("swipe").setAttribute("aria-pressed", String(swiped));
  by("parting").hidden = !swiped;
  by("parting").value = state.swipe ?? 50;
  by("parting").setAttribute("aria-valuetext", `${by("parting").value} % ${shown(state.before)}`);
  by("maps").style.setProperty("--share", by("parting").value / 100);
  if (by("maps").classList.toggle("swiped", swiped) !== wasSwiped) {
    wasSwiped = swiped;
    for (const one of [world, other]) one.map?.resize();
  }
}

let wasSwiped = false;
const isSwiped = () => Boolean(state.before && state.swipe);

let compared = false;

async function compare() {
  if (compared === Boolean(state.before)) return state.before ? captions() : undefined;
  compared = Boolean(state.before);
  by("compare").setAttribute("aria-pressed", String(Boolean(state.before)));
  by("maps").classList.toggle("pair", Boolean(state.before));
  by("other").hidden = !state.before;
  captions();
  if (state.before && !other.map && world.map) {
    await other.start(places);
    follow(world.map, other.map);
    follow(other.map, world.map);
    other.map.jumpTo({ center: world.map.getCenter(), zoom: world.map.getZoom() });
  }
  if (!state.place) world.fit();
  world.map?.resize();
  other.map?.resize();
  if (state.before && world.map) other.map?.jumpTo({ center: world.map.getCenter(), zoom: world.map.getZoom() });
  if (state.before) other.show(number(state.before));
}

function follow(one, two) {
  one.on("move", (event) => event.originalEvent && two.jumpTo({ center: one.getCenter(), zoom: one.getZoom() }));
}

function panel() {
  if (state.place && byKey.has(state.place)) return showPlace(byKey.get(state.place));
  if (state.incident) return showIncident(state.incident, record.takes_decisions ? incidentDesk : null);
  if (state.actor) return showActor(state.actor);
  return state.before ? showBetween(places) : showNothing(record);
}

async function changed(names) {
  try {
    if ((names.has("known") && state.known !== known) || (stale && state.view !== "review")) {
      await load();
      stale = false;
      names.add("known");
      world.update(places);
      other.update(places);
    }
    if (names.has("view")) views();
    if (names.has("labels")) await labels();
    if (names.has("before") || names.has("swipe")) swipe();
    if (names.has("before") || names.has("on")) await compare();
    if (["on", "known", "place", "before"].some((name) => names.has(name))) day();
    if (["place", "incident", "actor", "on", "known", "before"].some((name) => names.has(name))) calmly(panel);
    if ((state.view === "review" ? ["view"] : ["view", "on", "known", "before", "search"]).some((name) => names.has(name))) calmly(list);
    if (names.has("place") && byKey.has(state.place)) world.to(byKey.get(state.place));
    if (["place", "incident", "actor"].some((name) => names.has(name) && state[name])) {
      by("panel").scrollTop = 0;
      if (matchMedia("(max-width: 900px)").matches) by("panel").scrollIntoView(); // below the map there
    }
  } catch (error) {
    tell(error.message);
  }
}

// A slider that moves asks for the panel and the list once it rests.
const waiting = new Map();
function calmly(make) {
  clearTimeout(waiting.get(make));
  waiting.set(make, setTimeout(make, 160));
}

// The map with its legend, dates and sources as one picture.
function picture() {
  const source = world.map?.getCanvas();
  if (!source) return;
  const scale = devicePixelRatio || 1, rows = [...by("legend").querySelectorAll(":scope > span")];
  const pair = state.before && other.map ? [other, world] : [world];
  const canvas = el("canvas", { width: source.width * (isSwiped() ? 1 : pair.length), height: source.height + 120 * scale });
  const c = canvas.getContext("2d"), css = getComputedStyle(document.documentElement);
  c.fillStyle = css.getPropertyValue("--paper");
  c.fillRect(0, 0, canvas.width, canvas.height);
  const parting = isSwiped() ? (22 + (source.width / scale - 44) * (state.swipe / 100)) * scale : 0; // as in style.css
  for (const [i, one] of pair.entries()) {
    const left = isSwiped() ? 0 : i * source.width, from = i ? parting : 0, width = isSwiped() && !i ? parting : source.width - from;
    for (const drawn of [one.map.getCanvas(), one.dots.canvas]) {
      const share = drawn.width / source.width;
      c.drawImage(drawn, from * share, 0, width * share, drawn.height, left + from, 0, width, source.height);
    }
  }
  c.fillStyle = css.getPropertyValue("--ink");
  c.font = `${14 * scale}px system-ui, sans-serif`;
  c.fillText(`${record.name}: who held what on ${pair.length > 1 ? `${shown(state.before)} (left) and ` : ""}${shown(state.on)}, as known ${state.known ? `on ${shown(state.known)}` : "from all reports"}`, 12 * scale, source.height + 22 * scale);
  let x = 12 * scale, y = source.height + 48 * scale;
  c.font = `${12 * scale}px system-ui, sans-serif`;
  for (const row of rows) {
    const image = row.querySelector("canvas"), text = row.textContent, wide = (image ? 34 * scale : 0) + c.measureText(text).width + 18 * scale;
    if (x + wide > canvas.width) [x, y] = [12 * scale, y + 26 * scale];
    if (image) c.drawImage(image, x, y - 18 * scale, 28 * scale, 28 * scale);
    c.fillText(text, x + (image ? 32 * scale : 0), y);
    x += wide;
  }
  c.fillText(`${record.reports} reports, ${record.claims} claims. Outlines: Natural Earth. Places: GeoNames, CC BY 4.0. Not for targeting or operations.`, 12 * scale, canvas.height - 10 * scale);
  canvas.toBlob((blob) => {
    const address = URL.createObjectURL(blob);
    el("a", { href: address, download: `${record.name.replace(/\.khabar$/, "")}-${state.on}.png` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  });
}

const SCRIPTS = { latin: "Labels as read", arabic: "العربية", cyrillic: "Кирилиця", hebrew: "עברית", greek: "Ελληνικά", devanagari: "देवनागरी", ethiopic: "ግዕዝ", burmese: "မြန်မာ", georgian: "ქართული", armenian: "Հայերեն", han: "漢字" };
const WRITTEN = { ar: "arabic", fa: "arabic", ur: "arabic", ps: "arabic", ckb: "arabic", ru: "cyrillic", uk: "cyrillic", be: "cyrillic", bg: "cyrillic", sr: "cyrillic", he: "hebrew", el: "greek", hi: "devanagari", ne: "devanagari", am: "ethiopic", ti: "ethiopic", my: "burmese", ka: "georgian", hy: "armenian", zh: "han", ja: "han" };

// The reader's own script, as the browser tells it.
const script = () => WRITTEN[navigator.language.split("-")[0]] ?? "latin";

async function labels() {
  const wanted = state.labels ?? script();
  const names = wanted === "latin" ? {} : await ask("labels", { script: wanted, known_by: state.known });
  for (const map of [world, other]) map.relabel(names);
}

function keys(event) {
  if (event.target.matches("input, textarea, select")) return;
  if (event.key === "Escape") go({ place: null, incident: null, actor: null });
  if (event.key === "/") (event.preventDefault(), by("words").focus());
}

async function start() {
  onWork(work);
  record = await ask("record", { short: true });
  if (record.takes_decisions) VIEWS = { ...LISTS, review: ["Review", review] };
  views();
  by("stage").hidden = Boolean(VIEWS[state.view]?.[1]);
  onDecision(() => {
    stale = true;
    if (state.view === "review" && state.place) calmly(panel);
  });
  by("title").textContent = record.name.replace(/\.khabar$/, "");
  document.title = `${by("title").textContent} · Khabar`;
  const time = new Time(by("time"), record);
  for (const map of [world, other]) map.basemap = record.basemap;
  const drawn = world.start([]).catch((error) => error); // the base of the map stands while the places are worked out
  await load();
  rank(places);
  all("days").then(({ items }) => time.fill(items), (error) => tell(error.message));
  onChange((names) => changed(names));
  by("find").addEventListener("submit", (event) => {
    event.preventDefault();
    go({ view: "search", search: by("words").value.trim() });
  });
  by("words").value = state.search ?? "";
  by("compare").addEventListener("click", () => go({ before: state.before ? null : record.published.first, swipe: null }));
  by("swipe").addEventListener("click", () => go({ swipe: state.swipe ? null : "50" }));
  by("parting").addEventListener("input", (event) => go({ swipe: event.target.value }, { replace: true }));
  by("picture").addEventListener("click", picture);
  by("labels").append(...Object.entries(SCRIPTS).map(([value, words]) => el("option", { value }, words)));
  by("labels").value = state.labels ?? script();
  by("labels").addEventListener("change", () => go({ labels: by("labels").value }));
  await labels();
  addEventListener("keydown", keys);
  if (!record.claims) tell("This record holds no claims yet: add reports with khabar build.");
  legend();
  panel();
  list();
  try {
    const error = await drawn;
    if (error) throw error;
    world.update(places);
    world.fit();
    ask("divisions", { known_by: state.known }).then((found) => [world, other].forEach((map) => map.divide(found)), (error) => tell(error.message));
    day();
    swipe();
    await compare();
    if (byKey.has(state.place)) world.to(byKey.get(state.place));
  } catch (error) {
    by("map").replaceChildren(el("p", { class: "nomap" }, error.message, ". ", "The places stand in the list below the map."));
    by("legend").append(el("details", { open: true }, el("summary", {}, "All places"), everyPlace()));
  }
  document.body.dataset.ready = "true";
}

function everyPlace() {
  return el("ul", {}, places.slice(0, 500).map((place) => el("li", {}, el("button", { class: "link", dir: "auto", onclick: () => go({ place: place.key }) }, place.name), `: ${stateWords(periodOf(place, state.on))}`)));
}

start().catch((error) => tell(error.message));
