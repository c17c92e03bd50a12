// The evidence in this page → two maps, a legend and a panel. Text from reports enters by textContent only.

const SVG = "http://www.w3.org/2000/svg";
const evidence = JSON.parse(document.getElementById("evidence").textContent);
const { places, holders, claims, base } = evidence;
const byKey = new Map(places.map((place) => [place.key, place]));

// Okabe and Ito's palette: told apart by readers with any of the common colour blindnesses; the shapes tell them apart in print.
const COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442"];
const GREY = "#8a8f98";
const corners = (n, turn) => Array.from({ length: n }, (_, i) => {
  const angle = turn + (2 * Math.PI * i) / n;
  return `${(7.6 * Math.cos(angle)).toFixed(2)},${(7.6 * Math.sin(angle)).toFixed(2)}`;
}).join(" ");
const SHAPES = [
  "M-6.5,0a6.5,6.5 0 1,0 13,0a6.5,6.5 0 1,0 -13,0Z",
  "M-6,-6H6V6H-6Z",
  `M${corners(3, -Math.PI / 2)}Z`,
  `M${corners(4, 0)}Z`,
  `M${corners(5, -Math.PI / 2)}Z`,
  "M-2.6,-7H2.6V-2.6H7V2.6H2.6V7H-2.6V2.6H-7V-2.6H-2.6Z",
  `M${corners(3, Math.PI / 2)}Z`,
];

const idOf = (actor) => String(actor.id ?? actor.name);
const rank = new Map(holders.map((actor, i) => [actor.id, i]));
const placeIn = (actor) => rank.get(idOf(actor)) ?? 0;
const colourOf = (actor) => (actor ? COLOURS[placeIn(actor) % COLOURS.length] : GREY);
// From the eighth holder on the shapes move one on, so that no two holders share both colour and shape before the fiftieth.
const shapeOf = (actor) => (actor ? SHAPES[(placeIn(actor) + Math.floor(placeIn(actor) / COLOURS.length)) % SHAPES.length] : SHAPES[0]);
const nameOf = (actor) => (actor ? actor.name ?? actor.id : null);

function html(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

// --- symbols: what holds a place is its colour and shape; how well it is known is how the shape is filled ---------------------------------

function symbol(state, paint) {
  const group = svg("g");
  if (state.besieged_by) {
    group.append(svg("circle", { r: 12, fill: "none", stroke: colourOf(state.besieged_by), "stroke-width": 2.4, "stroke-dasharray": "5 3" }));
  }
  if (state.status === "unknown" || (!state.holder && state.status !== "contested")) {
    group.append(svg("circle", { class: "unknown", r: 5.5 }));
  } else if (state.status === "contested") {
    group.append(svg("path", { class: "edge", d: shapeOf(state.holder), fill: paint(state), "stroke-width": 1 }));
  } else if (state.standing === "claimed") {
    group.append(svg("path", { d: shapeOf(state.holder), fill: "var(--paper)", stroke: colourOf(state.holder), "stroke-width": 1.8 }));
  } else {
    group.append(svg("path", { class: "edge", d: shapeOf(state.holder), fill: colourOf(state.holder), "stroke-width": 1 }));
  }
  if (state.disputed_by.length) group.append(svg("text", { class: "place-name halo", x: 6, y: -4 }, "?"));
  return group;
}

function rivals(state) {
  const others = [...state.disputed_by, state.previous, state.besieged_by].filter((actor) => actor && (!state.holder || idOf(actor) !== idOf(state.holder)));
  return [colourOf(state.holder), colourOf(others[0] ?? null)];
}

let patterns = 0;
function stripes(defs) {
  return (state) => {
    const [one, other] = rivals(state);
    const id = `stripes-${(patterns += 1)}`;
    defs.append(svg("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      svg("rect", { width: 6, height: 6, fill: other }), svg("rect", { width: 3, height: 6, fill: one })));
    return `url(#${id})`;
  };
}

// --- the map ------------------------------------------------------------------------------------------------------------------------------

const KM_PER_DEGREE = 111.32;
const drawn = places.filter((place) => place.drawn !== "beside");
const frames = document.getElementById("frames");
const days = evidence.before.on === evidence.after.on ? ["after"] : ["before", "after"];
const maps = days.map((day) => ({ day, element: frames.querySelector(`.${day} svg`) }));
const view = { x: 0, y: 0, scale: 100, chosen: false }; // chosen: the reader moved it, so a resize must not

function fit(box = base.view) {
  const [west, south, east, north] = box;
  const { width, height } = size(maps.at(-1).element);
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  view.chosen = false;
  view.x = (west + east) / 2;
  view.y = (south + north) / 2;
  const margin = Math.min(150, width * 0.3);
  const wide = (width - margin) / Math.max((east - west) * shrink, 0.12);
  const tall = (height - 90) / Math.max(north - south, 0.12);
  view.scale = Math.min(wide, tall);
}

const size = (element) => ({ width: element.clientWidth || 600, height: element.clientHeight || 400 });

function projection(element) {
  const { width, height } = size(element);
  const shrink = Math.cos((((base.view[1] + base.view[3]) / 2) * Math.PI) / 180);
  return (longitude, latitude) => [width / 2 + (longitude - view.x) * shrink * view.scale, height / 2 - (latitude - view.y) * view.scale];
}

function draw({ day, element }) {
  const project = projection(element);
  const defs = svg("defs");
  const taken = [];
  const focused = element.contains(document.activeElement) ? document.activeElement.dataset.place : null;
  const dots = drawn.map((place) => ({ place, at: project(place.longitude, place.latitude), reach: reach(place, day) }));
  dots.forEach(({ at: [x, y], reach: r }) => taken.push([x - r, y - r, x + r, y + r]));
  element.setAttribute("viewBox", `0 0 ${size(element).width} ${size(element).height}`);
  element.replaceChildren(defs, land(project), 
    ...[...dots].sort((a, b) => weight(a.place[day]) - weight(b.place[day])).map((dot) => mark(dot, day, stripes(defs))),
    ...labels(dots, taken, element), countryNames(taken, element, project), towns(project, taken, element), scaleBar(element));
  if (focused) element.querySelector(`[data-place="${CSS.escape(focused)}"]`)?.focus();
}

function land(project) {
  const group = svg("g");
  for (const country of base.countries) {
    const rings = country.rings.map((ring) => {
      const points = [];
      for (let i = 0; i < ring.length; i += 2) points.push(project(ring[i], ring[i + 1]).map((n) => n.toFixed(1)).join(","));
      return `M${points.join("L")}Z`;
    });
    group.append(svg("path", { class: "land", "fill-rule": "evenodd", d: rings.join("") }, svg("title", {}, country.name)));
  }
  return group;
}

function mark({ place, at: [x, y] }, day, paint) {
  const state = place[day];
  const hidden = day === "before" && frames.classList.contains("slider");
  const group = svg("g", {
    class: `place${chosen === place.key ? " chosen" : ""}`, transform: `translate(${x.toFixed(1)},${y.toFixed(1)})`, role: "button",
    tabindex: hidden ? -1 : 0, "data-place": place.key, "aria-label": `${place.name}: ${state.summary}`,
  });
  group.append(svg("title", {}, `${place.name}: ${state.summary}`), svg("circle", { class: "reach", r: 15 }));
  if (place.drawn === "around") {
    // Near a town is not the town: a wide broken ring with nothing at its centre.
    const colour = state.holder ? colourOf(state.holder) : GREY;
    group.append(svg("circle", { r: 15, fill: "none", stroke: colour, "stroke-width": 2, "stroke-dasharray": "2 4" }));
  } else {
    group.append(symbol(state, paint));
  }
  return group;
}

const reach = (place, day) => (place.drawn === "around" ? 16 : place[day].besieged_by ? 13 : 9);
const weight = (state) => (state.status === "unknown" ? 0 : 1); // what is known lies on top

// --- labels: each is tried on eight sides of its dot, then further off with a line to it; one that fits nowhere waits for the reader to zoom

const ruler = document.createElement("canvas").getContext("2d");
const widthOf = (words, font) => ((ruler.font = font), ruler.measureText(words).width);
const sides = (r) => [
  [r + 4, 4, "start"], [-r - 4, 4, "end"], [0, -r - 5, "middle"], [0, r + 14, "middle"],
  [r + 2, -r, "start"], [r + 2, r + 9, "start"], [-r - 2, -r, "end"], [-r - 2, r + 9, "end"],
];
const FAR = [26, 42, 60, 80].flatMap((d) => [
  [-d, d * 0.6, "end"], [d, d * 0.6, "start"], [-d, -d * 0.6, "end"], [d, -d * 0.6, "start"], [0, d + 8, "middle"], [0, -d, "middle"], [-d, 4, "end"], [d, 4, "start"],
]);

function labels(dots, taken, element) {
  const near = dots.map((dot) => ({ ...dot, found: room(dot, sides(dot.reach), taken, element) }));
  const all = near.map((dot) => (dot.found ? dot : { ...dot, found: room(dot, FAR, taken, element), far: true }));
  return all.filter(({ found }) => found).flatMap(({ place, at, reach: r, found, far }) => {
    const name = svg("text", { class: "place-name halo", x: found.x, y: found.y, "text-anchor": found.anchor, "pointer-events": "none" }, place.name);
    return far ? [leader(at, r, found), name] : [name];
  });
}

function leader([x, y], r, to) {
  const end = [to.x, to.y - 4];
  const length = Math.hypot(end[0] - x, end[1] - y);
  const from = [x + ((end[0] - x) * r) / length, y + ((end[1] - y) * r) / length];
  return svg("path", { class: "leader", d: `M${from.map((n) => n.toFixed(1))}L${end.map((n) => n.toFixed(1))}`, "pointer-events": "none" });
}

function room({ place, at: [x, y], reach: r, font = "600 12.5px" }, candidates, taken, element) {
  const wide = widthOf(place.name, `${font} system-ui, sans-serif`);
  const { width, height } = size(element);
  for (const [dx, dy, anchor] of candidates) {
    const left = x + dx - (anchor === "end" ? wide : anchor === "middle" ? wide / 2 : 0);
    const box = [left - 2, y + dy - 12, left + wide + 2, y + dy + 4];
    const inside = box[0] >= 0 && box[2] <= width && box[1] >= 0 && box[3] <= height - 24;
    const crossed = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].some((share) => taken.some((other) => holds(other, x + dx * share, y + (dy - 4) * share)));
    const far = Math.hypot(dx, dy) > r + 20;
    if (inside && !(far && crossed) && !taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) {
      taken.push(box);
      return { x: x + dx, y: y + dy, anchor };
    }
  }
  return null;
}

const holds = (box, x, y) => x > box[0] && x < box[2] && y > box[1] && y < box[3];

function towns(project, taken, element) {
  const group = svg("g", { "aria-hidden": "true", "pointer-events": "none" });
  const { width, height } = size(element);
  for (const town of base.towns) {
    const [x, y] = project(town.longitude, town.latitude);
    if (x < 0 || y < 0 || x > width || y > height || taken.some((box) => holds(box, x, y))) continue;
    const found = room({ place: town, at: [x, y], reach: 3, font: "italic 11px" }, sides(3), taken, element);
    if (!found) continue;
    taken.push([x - 4, y - 4, x + 4, y + 4]);
    group.append(svg("circle", { class: "town", cx: x, cy: y, r: 2.2 }), svg("text", { class: "town-name halo", x: found.x, y: found.y, "text-anchor": found.anchor }, town.name));
  }
  return group;
}

function countryNames(taken, element, project) {
  const group = svg("g", { "aria-hidden": "true", "pointer-events": "none" });
  const { width, height } = size(element);
  for (const country of base.countries) {
    const outline = country.rings.map((ring) => ring.reduce((points, n, i) => (i % 2 ? points : [...points, project(n, ring[i + 1])]), []));
    const inside = [];
    for (let x = 60; x < width - 60; x += 30) for (let y = 20; y < height - 40; y += 20) if (outline.some((ring) => within(ring, x, y))) inside.push([x, y]);
    const wide = widthOf(country.name.toUpperCase(), "12px system-ui, sans-serif") * 1.2;
    const middle = [0, 1].map((axis) => inside.reduce((sum, point) => sum + point[axis], 0) / inside.length);
    inside.sort((a, b) => Math.hypot(a[0] - middle[0], a[1] - middle[1]) - Math.hypot(b[0] - middle[0], b[1] - middle[1]));
    const free = inside.find(([x, y]) => x > wide / 2 && x < width - wide / 2 && !taken.some((box) => x - wide / 2 - 6 < box[2] && box[0] < x + wide / 2 + 6 && y - 16 < box[3] && box[1] < y + 8));
    if (!free) continue;
    taken.push([free[0] - wide / 2, free[1] - 14, free[0] + wide / 2, free[1] + 4]);
    group.append(svg("text", { class: "country-name", x: free[0], y: free[1] }, country.name));
  }
  return group;
}

function within(ring, x, y) {
  let odd = false;
  ring.forEach(([x1, y1], i) => {
    const [x0, y0] = ring[(i || ring.length) - 1];
    if (y0 > y !== y1 > y && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0) odd = !odd;
  });
  return odd;
}

function scaleBar(element) {
  const { height } = size(element);
  const perKm = view.scale / KM_PER_DEGREE;
  const km = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000].findLast((length) => length * perKm <= 130) ?? 1;
  return svg("g", { class: "scale", transform: `translate(12,${height - 12})`, "aria-label": `Scale: ${km} km` },
    svg("path", { d: `M0,-5V0H${(km * perKm).toFixed(1)}V-5` }), svg("text", { class: "halo", x: km * perKm + 6, y: 0 }, `${km} km`));
}

const redraw = () => maps.forEach(draw);

// --- the legend ---------------------------------------------------------------------------------------------------------------------------

function legend() {
  const defs = svg("defs");
  const paint = stripes(defs);
  const plain = { status: "held", standing: "assessed", holder: holders[0] ?? null, disputed_by: [], besieged_by: null, previous: null };
  const rival = holders[1] ?? null;
  const holding = new Set(drawn.flatMap((place) => [place.before.holder, place.after.holder, place.before.besieged_by, place.after.besieged_by]).filter(Boolean).map(idOf));
  const entries = holders.filter((actor) => holding.has(actor.id)).map((actor) => [{ ...plain, holder: actor }, actor.name]);
  entries.push(
    [{ ...plain, standing: "claimed" }, "thin outline: claimed by its own side only"],
    [{ ...plain, status: "contested", previous: rival }, "striped: contested"],
    [{ ...plain, besieged_by: rival }, "broken ring: besieged"],
    [{ ...plain, disputed_by: rival ? [rival] : [plain.holder] }, "?: disputed by a party"],
    [{ ...plain, status: "unknown" }, "hollow: unknown"],
  );
  const target = document.getElementById("legend");
  target.append(svg("svg", { width: 0, height: 0, style: "position:absolute;width:0;height:0", "aria-hidden": "true" }, defs));
  for (const [state, words] of entries) target.append(html("span", {}, svg("svg", { viewBox: "-14 -14 28 28", "aria-hidden": "true" }, symbol(state, paint)), words));
  const ring = svg("circle", { r: 11, fill: "none", stroke: GREY, "stroke-width": 2, "stroke-dasharray": "2 4" });
  if (drawn.some((place) => place.drawn === "around")) target.append(html("span", {}, svg("svg", { viewBox: "-14 -14 28 28", "aria-hidden": "true" }, ring), "dotted ring: around the place, not in it"));
}

// --- the panel: from a place to the sentences ---------------------------------------------------------------------------------------------

let chosen = null;
let opener = null;
const panel = document.getElementById("panel");

function choose(key, from) {
  const place = byKey.get(key);
  if (!place) return;
  chosen = key;
  opener = from;
  const close = html("button", { type: "button", "aria-label": "Close the panel" }, "Close");
  close.addEventListener("click", dismiss);
  panel.replaceChildren(
    html("header", {}, html("h2", { dir: "auto" }, place.name), close),
    html("p", { class: "hint" }, whereabouts(place)),
    html("div", { class: "days" }, ...days.map((day) => account(place, day))),
  );
  panel.hidden = false;
  document.querySelector("main").classList.add("with-panel");
  redraw();
  panel.focus({ preventScroll: true });
  panel.scrollIntoView({ block: "nearest" });
}

function dismiss() {
  const key = chosen;
  chosen = null;
  panel.hidden = true;
  document.querySelector("main").classList.remove("with-panel");
  redraw();
  const back = opener?.isConnected ? opener : document.querySelector(`[data-place="${CSS.escape(key)}"]`);
  back?.focus();
}

function whereabouts(place) {
  if (place.latitude === null || place.longitude === null) return "In no gazetteer: its history stands under its own name, without coordinates.";
  const point = `${place.latitude.toFixed(3)}, ${place.longitude.toFixed(3)}`;
  return { spot: point, around: `around ${point}, not in the place itself`, beside: `no single point (${point} is its label point)` }[place.drawn];
}

function account(place, day) {
  const state = place[day];
  const section = html("section", {}, html("h3", {}, `${days.length === 1 ? "On" : day === "before" ? "Before:" : "After:"} ${evidence[day].on}`), html("p", { class: "summary" }, state.summary), facts(state));
  if (state.because.length) section.append(html("h3", {}, "Because"), html("ul", {}, ...state.because.map((reason) => html("li", { dir: "auto" }, reason))));
  section.append(...told("Claims for it", state.for), ...told("Claims against it", state.against));
  section.append(...told("Claims of a change that may have come already", state.possible_change?.claims ?? []));
  if (state.listed.length) {
    const rest = told("", state.listed).slice(1);
    section.append(html("details", {}, html("summary", {}, `${rest.length} more told of it, deciding nothing on this day`), ...rest));
  }
  if (!section.querySelector(".claim")) section.append(html("p", { class: "hint" }, "No claim bears on this day."));
  return section;
}

function facts(state) {
  const people = (list) => list.map(nameOf).join(", ");
  const rows = [
    ["members", people(state.members)],
    ["since", interval(state.since)],
    ["until", interval(state.until)],
    ["perhaps", change(state.possible_change)],
    ["held before by", nameOf(state.previous)],
    ["disputed by", people(state.disputed_by)],
    ["probability", state.probability === null ? null : String(Math.round(state.probability * 100) / 100)],
    ["informants", state.informants === null ? null : String(state.informants)],
    ["last report", state.last_report],
  ].filter(([, value]) => value);
  return html("dl", {}, ...rows.flatMap(([name, value]) => [html("dt", {}, name), html("dd", { dir: "auto" }, value)]));
}

function change(possible) {
  return possible && `${nameOf(possible.holder) ?? "nobody named"}, ${interval(possible) ?? "at a time unknown"}`;
}

function interval(dates) {
  if (!dates || (!dates.date_start && !dates.date_end)) return null;
  if (dates.date_start === dates.date_end) return dates.date_start;
  if (!dates.date_start) return `by ${dates.date_end}`;
  return dates.date_end ? `${dates.date_start} to ${dates.date_end}` : `${dates.date_start} on`;
}

function told(heading, ids) {
  return ids.length ? [html("h3", {}, heading), ...ids.map((id) => quoted(id, claims[id]))] : [];
}

function quoted(id, claim) {
  if (!claim) return html("div", { class: "claim" }, html("p", {}, `Claim ${id} is not in this page.`));
  const outlet = claim.outlet ?? "outlet unknown";
  const what = [claim.kind, claim.modality, interval(claim), claim.rule && `rule ${claim.rule}`, sure(claim)].filter(Boolean).join(" · ");
  const report = html("p", {}, [claim.title, claim.published ?? "undated"].filter(Boolean).join(" · "));
  if (claim.url) report.append(" · ", html("a", { href: claim.url, rel: "noopener noreferrer", target: "_blank" }, "report"));
  return html("div", { class: "claim" },
    html("blockquote", { dir: "auto" }, ...marked(claim.sentence ?? "", claim.trigger)),
    html("p", { class: "chain" }, [outlet, ...claim.speakers].join(" → ")), html("p", {}, what), report);
}

function sure(claim) {
  return typeof claim.confidence === "number" && `confidence ${claim.confidence.toFixed(2)}`;
}

function marked(sentence, trigger) {
  if (!trigger) return [`“${sentence}”`];
  const points = Array.from(sentence); // offsets count code points, JavaScript counts UTF-16 units
  const [start, end] = trigger;
  return ["“", points.slice(0, start).join(""), html("mark", {}, points.slice(start, end).join("")), points.slice(end).join(""), "”"];
}

// --- what the reader does -----------------------------------------------------------------------------------------------------------------

function zoom(factor) {
  view.chosen = true;
  view.scale = Math.min(Math.max(view.scale * factor, 4), 60000);
  redraw();
}

function pan(dx, dy) {
  view.chosen = true;
  const shrink = Math.cos((view.y * Math.PI) / 180);
  view.x -= dx / (view.scale * shrink);
  view.y += dy / view.scale;
  redraw();
}

function onKey(event) {
  const at = event.target.closest?.("[data-place]");
  if (at && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    choose(at.dataset.place, at);
    return;
  }
  const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
  if (step) pan(...step);
  else if (event.key === "+" || event.key === "=") zoom(1.4);
  else if (event.key === "-") zoom(1 / 1.4);
  else return;
  event.preventDefault();
}

function draggable(element) {
  let start = null;
  let moved = false;
  element.addEventListener("pointerdown", (event) => { start = [event.clientX, event.clientY]; moved = false; });
  element.addEventListener("pointermove", (event) => {
    if (!start || !event.buttons) return;
    const [dx, dy] = [event.clientX - start[0], event.clientY - start[1]];
    if (!moved && Math.hypot(dx, dy) < 5) return;
    moved = true;
    start = [event.clientX, event.clientY];
    pan(dx, dy);
  });
  element.addEventListener("pointerup", () => { start = null; });
  element.addEventListener("click", (event) => {
    const at = event.target.closest("[data-place]");
    if (at && !moved) choose(at.dataset.place, at);
  });
  element.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // a plain wheel scrolls the page
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.2 : 1 / 1.2);
  }, { passive: false });
  element.addEventListener("keydown", onKey);
}

function start() {
  document.querySelectorAll("#places [data-place]").forEach((button) => button.addEventListener("click", () => choose(button.dataset.place, button)));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && chosen) dismiss(); });
  if (!base.view) return;
  document.getElementById("maps").hidden = false;
  document.body.classList.toggle("one-day", days.length === 1);
  for (const { day, element } of maps) {
    frames.querySelector(`.${day} figcaption`).textContent = evidence[day].on ?? day;
    element.setAttribute("tabindex", "0");
    draggable(element);
  }
  frames.querySelector("input").addEventListener("input", (event) => frames.style.setProperty("--cut", `${event.target.value}%`));
  document.querySelectorAll("[name=view]").forEach((radio) => radio.addEventListener("change", () => { frames.className = radio.value; fit(); redraw(); }));
  document.querySelectorAll("[data-zoom]").forEach((button) => button.addEventListener("click", () => {
    if (button.dataset.zoom === "fit") { fit(base.reach); view.chosen = true; redraw(); } else zoom(button.dataset.zoom === "in" ? 1.5 : 1 / 1.5);
  }));
  fit();
  legend();
  redraw();
  new ResizeObserver(() => { if (!view.chosen) fit(); redraw(); }).observe(maps.at(-1).element);
}

start();
