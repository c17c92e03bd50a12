// The views beside the map: changes, incidents, alliances, search, coverage.

import { all, ask } from "./api.js";
import { el, plural, svg, words } from "./dom.js";
import { claim } from "./panel.js";
import { day, go, number, shown, span, state } from "./state.js";
import { colourOf } from "./symbols.js";

const ROWS = 400; // rows in a table before it is cut and says so

const title = (text, more) => el("header", {}, el("h2", {}, text), more ? el("p", { class: "soft" }, more) : "");
const cut = (total) => (total > ROWS ? el("p", { class: "soft" }, `The first ${ROWS} of ${total.toLocaleString("en")}; the API has all.`) : "");

const COUNTS = new Set(["Informants", "Reports", "Claims"]);

function table(heads, rows) {
  return el("div", { class: "scroll" }, el("table", {}, el("thead", {}, el("tr", {}, heads.map((text) => el("th", { scope: "col", class: COUNTS.has(text) ? "number" : null }, text)))), el("tbody", {}, rows)));
}

const opens = (text, change) => el("button", { class: "link", dir: "auto", onclick: () => go(change) }, text);
const dot = (actor) => (actor ? el("span", { class: "dot", style: `background:${colourOf(actor)}`, "aria-hidden": "true" }) : "");
const party = (actor) => [dot(actor), actor?.name ?? "nobody named"];

export async function changes(places) {
  const from = state.before ?? day(number(state.on) - 30);
  const found = await all("changes", { from, to: state.on, known_by: state.known }, ROWS);
  const key = new Map(places.map((place) => [place.id ?? place.name, place.key]));
  const rows = found.items.map((row) => el("tr", {},
    el("td", {}, span(row.date_start, row.date_end)),
    el("td", {}, opens(row.place.name, { place: key.get(row.place.id ?? row.place.name) ?? null, on: row.date_end })),
    el("td", {}, party(row.from)), el("td", {}, party(row.to)),
    el("td", {}, row.standing, row.disputed_by.length ? ", disputed" : ""), el("td", { class: "number" }, String(row.informants))));
  return [title("What changed hands", `${shown(from)} to ${shown(state.on)}: ${plural(found.total, "change")}`),
    table(["When", "Place", "From", "To", "Standing", "Informants"], rows), cut(found.total)];
}

export async function incidents() {
  const from = state.before ?? day(number(state.on) - 30);
  const found = await all("incidents", { from, to: state.on, known_by: state.known }, ROWS);
  const rows = found.items.toReversed().map((one) => el("tr", {},
    el("td", {}, span(one.date_start, one.date_end)), el("td", {}, words(one.kind)), el("td", {}, opens(one.title, { incident: one.id, place: null })),
    el("td", {}, one.figures.filter((f) => ["killed", "injured"].includes(f.unit)).map((f) => `${f.low === f.high ? f.best : `${f.low ?? "?"}–${f.high ?? "?"}`} ${f.unit}`).join(", ")),
    el("td", { class: "number" }, String(one.informants))));
  return [title("Incidents", `${shown(from)} to ${shown(state.on)}: ${plural(found.total, "incident")}`), timeline(found.items, from),
    table(["When", "Kind", "What", "Toll", "Informants"], rows), cut(found.total)];
}

// One dot an incident, by day and kind.
function timeline(items, from) {
  const kinds = [...new Set(items.map((one) => one.kind))].slice(0, 14), left = 130, width = 900, height = 18 * kinds.length + 24;
  const first = number(from), last = number(state.on), x = (n) => left + ((Math.max(first, n) - first) / Math.max(1, last - first)) * (width - left - 10);
  const marks = items.filter((one) => kinds.includes(one.kind) && one.date_end).map((one) => {
    const at = { cx: x(Math.min(last, number(one.date_end))), cy: 18 * kinds.indexOf(one.kind) + 12, r: 3 + Math.min(5, one.informants) };
    const mark = svg("circle", { ...at, class: "mark", tabindex: 0, role: "button" }, svg("title", {}, `${shown(one.date_end)}: ${one.title}`));
    mark.addEventListener("click", () => go({ incident: one.id, place: null }));
    mark.addEventListener("keydown", (event) => event.key === "Enter" && go({ incident: one.id, place: null }));
    return mark;
  });
  const names = kinds.map((kind, i) => svg("text", { x: left - 10, y: 18 * i + 16, "text-anchor": "end" }, words(kind)));
  const ends = [[left, "start", from], [width - 10, "end", state.on]].map(([at, anchor, text]) => svg("text", { x: at, y: height - 2, "text-anchor": anchor, class: "soft" }, shown(text)));
  return el("div", { class: "scroll" }, svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "timeline", role: "group", "aria-label": "Incidents by day and kind" }, ...names, ...marks, ...ends));
}

const STYLES = { member_of: "belongs", branch_of: "belongs", part_of: "belongs", allied_with: "allied", opposed_to: "fought", fought: "fought" };
const SAID = { member_of: "member of", branch_of: "branch of", part_of: "part of", allied_with: "allied with", opposed_to: "opposed to", fought: "fought" };

export async function alliances() {
  const graph = await ask("alliances", { on: state.on, known_by: state.known });
  const linked = new Set(graph.edges.flatMap((edge) => [edge.from, edge.to]));
  const nodes = graph.nodes.filter((node) => linked.has(node.key));
  const named = new Map(nodes.map((node) => [node.key, node]));
  const rows = graph.edges.map((edge) => el("tr", {}, el("td", {}, opens(named.get(edge.from).name, { actor: edge.from, place: null })), el("td", {}, SAID[edge.type]),
    el("td", {}, opens(named.get(edge.to).name, { actor: edge.to, place: null })), el("td", {}, [edge.claims.length ? plural(edge.claims.length, "claim") : "", edge.source ? "registry" : ""].filter(Boolean).join(", "))));
  return [title("Who belonged to whom, who fought whom", `${shown(state.on)}; fights of the three months before. ${plural(nodes.length, "party", "parties")}`),
    nodes.length ? drawing(nodes, graph.edges) : el("p", {}, "No claim by then says so."), table(["Party", "Bond", "Party", "Said by"], rows.slice(0, ROWS)), cut(rows.length)];
}

// A force layout from fixed starts, so that one graph always looks the same; then it is scaled into the frame.
function drawing(nodes, edges) {
  const width = 1000, height = 640, golden = Math.PI * (3 - Math.sqrt(5));
  const at = new Map(nodes.map((node, i) => [node.key, { x: 30 * Math.sqrt(i) * Math.cos(i * golden), y: 30 * Math.sqrt(i) * Math.sin(i * golden), node }]));
  const points = [...at.values()], ideal = 90;
  for (let step = 0; step < 300; step++) {
    const heat = 40 * (1 - step / 300) + 0.5;
    for (const p of points) [p.fx, p.fy] = [-p.x * 0.12, -p.y * 0.2];
    for (let i = 0; i < points.length; i++) for (let j = i + 1; j < points.length; j++) {
      const a = points[i], b = points[j], dx = a.x - b.x || 0.1, dy = a.y - b.y || 0.1, long = Math.max(8, Math.hypot(dx, dy)), push = (ideal * ideal) / (long * long);
      a.fx += dx * push; a.fy += dy * push; b.fx -= dx * push; b.fy -= dy * push;
    }
    for (const edge of edges) {
      const a = at.get(edge.from), b = at.get(edge.to), dx = b.x - a.x, dy = b.y - a.y, long = Math.hypot(dx, dy);
      const pull = (long / ideal) * (STYLES[edge.type] === "fought" ? 0.12 : 0.5);
      a.fx += dx * pull; a.fy += dy * pull; b.fx -= dx * pull; b.fy -= dy * pull;
    }
    for (const p of points) {
      const long = Math.hypot(p.fx, p.fy) || 1, far = Math.min(heat, long);
      p.x += (p.fx / long) * far; p.y += (p.fy / long) * far;
    }
  }
  const xs = points.map((p) => p.x), ys = points.map((p) => p.y), [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  for (const p of points) {
    p.x = 80 + ((p.x - left) / Math.max(1, right - left)) * (width - 160);
    p.y = 24 + ((p.y - top) / Math.max(1, bottom - top)) * (height - 90);
  }
  const lines = edges.map((edge) => {
    const a = at.get(edge.from), b = at.get(edge.to);
    return svg("line", { x1: a.x, y1: a.y, x2: b.x, y2: b.y, class: STYLES[edge.type] }, svg("title", {}, `${a.node.name} ${SAID[edge.type]} ${b.node.name}`));
  });
  const dots = points.map((p) => {
    const { name } = p.node, short = name.length > 30 ? `${name.slice(0, 29)}…` : name;
    const group = svg("g", { transform: `translate(${p.x},${p.y})`, tabindex: 0, role: "button", "aria-label": short === name ? name : `${short} ${name}`, class: "party" },
      svg("circle", { r: 5 + Math.min(11, Math.sqrt(p.node.claims)), fill: colourOf(p.node) }), svg("text", { y: 26, "text-anchor": "middle" }, short));
    const open = () => go({ actor: p.node.key, place: null, incident: null });
    group.addEventListener("click", open);
    group.addEventListener("keydown", (event) => event.key === "Enter" && open());
    return group;
  });
  const key = [["belongs", "belongs to"], ["allied", "allied with"], ["fought", "fought"]].map(([style, text], i) =>
    svg("g", { transform: `translate(${16 + i * 130}, ${height - 8})` }, svg("line", { x1: 0, x2: 26, y1: -4, y2: -4, class: style }), svg("text", { x: 32 }, text)));
  return el("div", { class: "scroll" }, svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "graph", role: "group", "aria-label": "Parties and their bonds" }, ...lines, ...dots, ...key));
}

export async function search() {
  if (!state.search) return [title("Search", "Words to look for in the sentences of all claims; accents do not matter.")];
  const found = await ask("claims", { search: state.search, known_by: state.known, limit: 200 });
  return [title(`“${state.search}”`, plural(found.total, "claim")), el("div", { class: "claims" }, found.items.map(claim)), found.total > 200 ? el("p", { class: "soft" }, "The first 200; the API has all.") : ""];
}

export async function disputes() {
  const found = await all("disputes", { known_by: state.known }, ROWS);
  return [title("Disputes", `Where speakers disagree: ${plural(found.total, "matter")}.`),
    ...found.items.map((one) => el("section", { class: "dispute" }, el("h3", { dir: "auto" }, one.matter),
      el("div", { class: "opposite" }, one.positions.map((side) => el("div", {}, el("h4", { dir: "auto" }, side.says),
        el("div", { class: "claims" }, side.claims.slice(0, 6).map(claim))))),
      one.settled ? el("p", {}, el("b", {}, "Settled: "), one.settled) : "",
      el("details", {}, el("summary", {}, "What the rules made of it"), el("ul", {}, one.because.map((reason) => el("li", {}, reason)))))),
    found.total ? "" : el("p", {}, "Nobody disagrees with anybody in these reports."), cut(found.total)];
}

export async function coverage() {
  const { items } = await all("coverage", { known_by: state.known });
  const outlets = new Map(), areas = new Map();
  for (const row of items) {
    const outlet = outlets.get(row.outlet ?? "unnamed outlet") ?? { reports: 0, claims: 0, last: "" };
    if (row.country === null) outlet.reports += row.reports;
    outlet.claims += row.claims;
    outlet.last = row.day > outlet.last ? row.day : outlet.last;
    outlets.set(row.outlet ?? "unnamed outlet", outlet);
    if (row.country) {
      const name = [row.country, row.admin1].filter(Boolean).join(", "), area = areas.get(name) ?? { reports: 0, claims: 0, last: "" };
      area.reports += row.reports; area.claims += row.claims; area.last = row.day > area.last ? row.day : area.last;
      areas.set(name, area);
    }
  }
  const rows = (found) => [...found].sort((a, b) => b[1].claims - a[1].claims).slice(0, ROWS).map(([name, one]) =>
    el("tr", {}, el("td", { dir: "auto" }, name), el("td", { class: "number" }, String(one.reports)), el("td", { class: "number" }, String(one.claims)), el("td", {}, shown(one.last))));
  const age = (day_) => `${Math.max(0, number(state.on) - number(day_))} days before ${shown(state.on)}`;
  const quiet = [...areas].filter(([, one]) => number(state.on) - number(one.last) > 30).sort((a, b) => (a[1].last < b[1].last ? -1 : 1)).slice(0, 20);
  return [title("Coverage", "What was reported, by whom and where: silence is not calm."), table(["Outlet", "Reports", "Claims", "Last report"], rows(outlets)),
    el("h3", {}, "By area"), table(["Area", "Reports", "Claims", "Last report"], rows(areas)),
    quiet.length ? el("section", {}, el("h3", {}, "Areas nobody has reported on for a month"), el("ul", {}, quiet.map(([name, one]) => el("li", {}, `${name}: ${age(one.last)}`)))) : ""];
}

export const VIEWS = { map: ["Map", null], changes: ["Changes", changes], incidents: ["Incidents", incidents], alliances: ["Alliances", alliances], disputes: ["Disputes", disputes], search: ["Search", search], coverage: ["Coverage", coverage] };
