// Places and a day → symbols and labels on a canvas above the map: ten thousand of them are drawn anew for each step of the slider, so its
// canvas and theirs lie in memory and not on the graphics card, and each is copied pixel by pixel.

import { el } from "./dom.js";
import { Stamps } from "./stamps.js";
import { FOREVER, number, state, turnOf } from "./state.js";
import { inMemory, isAround, look, paint } from "./symbols.js";

const RATIO = Math.min(2, devicePixelRatio || 1), SIZE = 30, NEAR = 14, LABELS = 400;
const CROWD = 1500; // in view, above which symbols are drawn smaller

export class Dots {
  constructor(map) {
    this.map = map;
    this.stamps = new Stamps();
    this.canvas = el("canvas", { class: "dots", "aria-hidden": "true" });
    map.getCanvasContainer().append(this.canvas);
    map.on("move", () => this.draw());
    map.on("resize", () => this.draw());
    map.on("mousemove", ({ point }) => (map.getCanvas().style.cursor = this.at(point) ? "pointer" : ""));
  }

  // `stretches`: places that are drawn as lines or areas; their names stand here, too.
  set(places, names = {}, stretches = []) {
    const dated = (place, text) => ({ place, name: text, looks: [] });
    this.places = places.map((place) => ({
      ...dated(place, names[place.key] ?? (isAround(place) ? `near ${place.name}`.replace(/^near near /, "near ") : place.name)), ...mercator(place),
      told: place.periods.map((period) => (period.last_report ? number(period.last_report) : -FOREVER)),
    }));
    this.stretches = stretches.map((place) => ({ ...dated(place, names[place.key] ?? place.name), ...mercator(anchor(place.shape)) }));
  }

  show(day) {
    this.day = day;
    this.draw();
  }

  draw() {
    if (!this.places || this.day === undefined) return;
    const { clientWidth: wide, clientHeight: high } = this.map.getCanvas(), c = inMemory(this.canvas);
    if (this.canvas.width !== wide * RATIO || this.canvas.height !== high * RATIO) [this.canvas.width, this.canvas.height] = [wide * RATIO, high * RATIO];
    c.setTransform(1, 0, 0, 1, 0, 0);
    this.stamps.clear(c);
    this.seen = this.inView(wide, high);
    const scale = RATIO * Math.max(0.6, Math.min(1, Math.sqrt(CROWD / this.seen.length)));
    const images = new Map(this.seen.map(({ look, unknown }) => [look, unknown]));
    for (const [look, unknown] of images) images.set(look, paint(look, unknown ? scale * 0.7 : scale));
    for (const { look, left, top, last } of this.seen) this.stamps.put(images.get(look), left * RATIO, top * RATIO, faded(this.day - last));
    this.stamps.print();
    c.setTransform(RATIO, 0, 0, RATIO, 0, 0);
    this.choose(c);
    this.label(c, wide);
  }

  // What stands in the view that day, the unknown first so that the known lie above them.
  inView(wide, high) {
    const { lng, lat } = this.map.getCenter(), unknown = [], known = [];
    this.view = { ...mercator({ longitude: lng, latitude: lat }), world: 512 * 2 ** this.map.getZoom(), wide, high };
    for (const one of this.places) {
      const [left, top] = this.project(one);
      if (left < -SIZE || top < -SIZE || left > wide + SIZE || top > high + SIZE) continue;
      const at = turnOf(one.place, this.day), period = one.place.periods[at], isUnknown = period.status === "unknown";
      one.looks[at] ??= look(period, one.place);
      (isUnknown ? unknown : known).push({ one, left, top, look: one.looks[at], last: one.told[at], unknown: isUnknown });
    }
    return [...unknown, ...known];
  }

  choose(c) {
    const chosen = state.place && this.seen.find(({ one }) => one.place.key === state.place);
    if (!chosen) return;
    c.beginPath();
    c.arc(chosen.left, chosen.top, 17, 0, 7);
    [c.lineWidth, c.strokeStyle] = [3, css("--accent")];
    c.stroke();
  }

  // As many names as find room beside the symbols: the chosen place's first, then those of the known, then those of areas and roads.
  label(c, wide) {
    const taken = new Map(), cell = (left, top) => Math.floor(left / 12) * 10000 + Math.floor(top / 12);
    for (const { one, left, top } of this.seen) for (const x of [-6, 6]) for (const y of [-6, 6]) taken.set(cell(left + x, top + y), one);
    [c.font, c.textAlign, c.textBaseline, c.lineWidth, c.lineJoin] = ["12px system-ui, 'Noto Sans', 'DejaVu Sans', sans-serif", "center", "top", 3, "round"];
    [c.fillStyle, c.strokeStyle] = [css("--ink"), css("--paper")];
    let written = 0;
    const write = (one, left, top) => {
      if (written >= LABELS || left < 0 || left > wide) return;
      const isFree = (number) => (taken.get(number) ?? one) === one;
      if (!isFree(cell(left, top))) return; // not worth measuring
      one.width ??= c.measureText(one.name).width;
      const room = [];
      for (let x = left - one.width / 2; x < left + one.width / 2 + 12; x += 12) room.push(cell(x, top), cell(x, top + 12));
      if (!room.every(isFree)) return;
      for (const number of room) taken.set(number, one);
      c.strokeText(one.name, left, top);
      c.fillText(one.name, left, top);
      written += 1;
    };
    const chosen = this.seen.find(({ one }) => one.place.key === state.place);
    if (chosen) write(chosen.one, chosen.left, chosen.top + 20); // below its ring
    for (let at = this.seen.length - 1; at >= 0 && written < LABELS; at--) if (this.seen[at] !== chosen) write(this.seen[at].one, this.seen[at].left, this.seen[at].top + 13);
    for (const one of this.stretches.filter((one) => one.place.periods[turnOf(one.place, this.day)].status !== "unknown")) write(one, ...this.project(one));
  }

  project({ x, y }) {
    return [(x - this.view.x) * this.view.world + this.view.wide / 2, (y - this.view.y) * this.view.world + this.view.high / 2];
  }

  // The place under the pointer, the uppermost of several.
  at({ x, y }) {
    const found = this.seen?.filter(({ left, top }) => Math.hypot(left - x, top - y) < NEAR) ?? [];
    return found.sort((a, b) => Math.hypot(a.left - x, a.top - y) - Math.hypot(b.left - x, b.top - y))[0]?.one.place ?? null;
  }
}

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name);

// The older the last report, the paler: half after a year, and never gone.
function faded(age) {
  if (age <= 30) return 1;
  return age <= 365 ? 1 - (0.5 * (age - 30)) / 335 : Math.max(0.3, 0.5 - (0.2 * (age - 365)) / 1135);
}

// Where the name of a shape stands: above an area, on the middle of a line.
function anchor({ type, coordinates }) {
  const points = type === "Polygon" ? coordinates[0] : coordinates, mean = (list) => list.reduce((sum, one) => sum + one, 0) / list.length;
  const xs = points.map(([x]) => x), ys = points.map(([, y]) => y);
  return { longitude: mean(xs), latitude: type === "Polygon" ? Math.max(...ys) : mean(ys) };
}

function mercator({ longitude, latitude }) {
  const sine = Math.sin((latitude * Math.PI) / 180);
  return { x: longitude / 360 + 0.5, y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) };
}
