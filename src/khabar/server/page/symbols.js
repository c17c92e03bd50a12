// Who holds a place is colour and shape; how well it is known is how the shape is filled.

// Okabe and Ito's palette: told apart by readers with any of the common colour blindnesses; the shapes tell them apart in print.
export const COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442"];
const GREY = "#8a8f98";
const TURN = 2 * Math.PI;
const polygon = (n, turn) => Array.from({ length: n }, (_, i) => [8 * Math.cos(turn + (TURN * i) / n), 8 * Math.sin(turn + (TURN * i) / n)]);
const SHAPES = [
  null,
  [[-6.4, -6.4], [6.4, -6.4], [6.4, 6.4], [-6.4, 6.4]],
  polygon(3, -TURN / 4),
  polygon(4, 0),
  polygon(5, -TURN / 4),
  [[-2.6, -7], [2.6, -7], [2.6, -2.6], [7, -2.6], [7, 2.6], [2.6, 2.6], [2.6, 7], [-2.6, 7], [-2.6, 2.6], [-7, 2.6], [-7, -2.6], [-2.6, -2.6]],
  polygon(3, TURN / 4),
];

let ranks = new Map();
export const keyOf = (actor) => (actor ? String(actor.id ?? actor.name) : null);

// Holders in the order of how many places they ever held, so that the common ones get the clearest colours.
export function rank(places) {
  const counts = new Map();
  for (const place of places)
    for (const key of new Set(place.periods.map((period) => keyOf(period.holder)).filter(Boolean))) counts.set(key, (counts.get(key) ?? 0) + 1);
  painted.clear();
  ranks = new Map([...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1)).map((key, i) => [key, i]));
}

export const colourOf = (actor) => (ranks.has(keyOf(actor)) ? COLOURS[ranks.get(keyOf(actor)) % COLOURS.length] : GREY);
const shapeOf = (actor) => {
  const at = ranks.get(keyOf(actor)) ?? 0;
  return SHAPES[(at + Math.floor(at / COLOURS.length)) % SHAPES.length];
};

export const isSite = (place) => place.precision === "exact"; // a post or a building, drawn smaller than a town
export const isAround = (place) => !["exact", "town", null, undefined].includes(place.precision);

// One name for one look: places of one look share one image.
export function look(state, place) {
  const rival = state.disputed_by?.[0] ?? state.previous ?? null;
  return JSON.stringify([
    state.status, state.standing ?? null, keyOf(state.holder), state.status === "contested" ? keyOf(rival) : null, keyOf(state.besieged_by), isAround(place), isSite(place),
  ]);
}

const painted = new Map(), night = matchMedia("(prefers-color-scheme: dark)");

export const inMemory = (canvas) => canvas.getContext("2d", { willReadFrequently: true });

// The look as a canvas, painted once for day and once for night, and for each size.
export function paint(name, scale = 2) {
  const key = `${night.matches} ${Math.round(30 * scale)} ${name}`;
  if (!painted.has(key)) painted.set(key, made(name, scale));
  return painted.get(key);
}

function made(name, scale) {
  const [status, standing, holder, rival, besieger, around, site] = JSON.parse(name);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(30 * scale), Math.round(30 * scale)];
  const c = inMemory(canvas);
  c.scale(scale, scale);
  c.translate(15, 15);
  if (site) c.scale(0.75, 0.75);
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const ink = dark ? "#f4f2ec" : "#1b1d21", paper = dark ? "#24262b" : "#ffffff";
  const of = (key) => colourOf(key ? { id: key } : null);
  if (besieger) ring(c, of(besieger), 12.4, [5, 3], 2.4);
  if (around) ring(c, ink, 10.6, [1.5, 2.5], 1.3);
  outline(c, holder ? shapeOf({ id: holder }) : null);
  if (status === "unknown" || (!holder && status !== "contested")) {
    c.setLineDash([2.5, 2]);
    [c.fillStyle, c.strokeStyle, c.lineWidth] = [paper, GREY, 1.5];
  } else if (status === "contested") {
    [c.fillStyle, c.strokeStyle, c.lineWidth] = [stripes(c, of(holder), of(rival)), ink, 1.2];
  } else if (standing === "claimed") [c.fillStyle, c.strokeStyle, c.lineWidth] = [paper, of(holder), 2.6];
  else [c.fillStyle, c.strokeStyle, c.lineWidth] = [of(holder), ink, 1.2];
  c.fill();
  c.stroke();
  return canvas;
}

function outline(c, shape) {
  c.beginPath();
  if (!shape) return c.arc(0, 0, 6.6, 0, TURN);
  shape.forEach(([x, y], i) => (i ? c.lineTo(x, y) : c.moveTo(x, y)));
  c.closePath();
}

function ring(c, colour, radius, dash, width) {
  c.beginPath();
  c.arc(0, 0, radius, 0, TURN);
  c.setLineDash(dash);
  [c.strokeStyle, c.lineWidth] = [colour, width];
  c.stroke();
  c.setLineDash([]);
}

function stripes(c, one, other) {
  const tile = document.createElement("canvas");
  [tile.width, tile.height] = [8, 8];
  const t = tile.getContext("2d");
  t.fillStyle = one === other ? GREY : other;
  t.fillRect(0, 0, 8, 8);
  t.strokeStyle = one;
  t.lineWidth = 3.4;
  for (const shift of [-8, 0, 8]) {
    t.beginPath();
    t.moveTo(shift, 8);
    t.lineTo(shift + 8, 0);
    t.stroke();
  }
  return c.createPattern(tile, "repeat");
}

export function icon(name) {
  const canvas = document.createElement("canvas"), image = paint(name);
  [canvas.width, canvas.height] = [image.width, image.height];
  inMemory(canvas).drawImage(image, 0, 0);
  canvas.className = "symbol";
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}

// The same, made once: for the legend, where each stands once and which is made anew for each day.
const icons = new WeakMap();
export function legendIcon(name) {
  const image = paint(name);
  if (!icons.has(image)) icons.set(image, icon(name));
  return icons.get(image);
}
