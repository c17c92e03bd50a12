// The views beside the map: changes, incidents, alliances, search, coverage.

import { all, ask } from "./api.js";
import { el, plural, svg, words } from "./dom.js";
import { claim } from "./panel.js";
import { day, go, number, shown, span, state } from "./state.js";
import { colourOf } from "./symbols.js";

const ROWS = 400; // rows in a table before it is cut and says so

const title = (text, more) => el("header", {}, el("h2", {}, text), more ? el("p", { class: "soft" }, more) : "");
const cut = (total) => (total > ROWS ? el("p", { class: "soft" }, `The first ${ROWS} of ${total.toLocaleString("en")}; the API has all.`) : "");

const COUNTS = new Set(["Informants", "Reports", "Claims", "Borne out", "Contradicted"]);

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
  const latest = found.items.toReversed().sort((a, b) => !a.date_end - !b.date_end); // those without a day last
  const rows = latest.map((one) => el("tr", {},
    el("td", {}, one.date_end ? span(one.date_start, one.date_end) : "no day"), el("td", {}, words(one.kind)), el("td", {}, opens(one.title, { incident: one.id, place: null })),
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
  for (const p of points) [p.r, p.short] = [5 + Math.min(11, Math.sqrt(p.node.claims)), p.node.name.length > 30 ? `${p.node.name.slice(0, 29)}…` : p.node.name];
  const labels = placed(points, width);
  const dots = points.map((p) => {
    const { short, node: { name } } = p;
    const group = svg("g", { transform: `translate(${p.x},${p.y})`, tabindex: 0, role: "button", "aria-label": short === name ? name : `${short} ${name}`, class: "party" },
      svg("circle", { r: p.r, fill: colourOf(p.node) }), svg("text", labels.get(p), short));
    const open = () => go({ actor: p.node.key, place: null, incident: null });
    group.addEventListener("click", open);
    group.addEventListener("keydown", (event) => event.key === "Enter" && open());
    return group;
  });
  const key = [["belongs", "belongs to"], ["allied", "allied with"], ["fought", "fought"]].map(([style, text], i) =>
    svg("g", { transform: `translate(${16 + i * 130}, ${height - 8})` }, svg("line", { x1: 0, x2: 26, y1: -4, y2: -4, class: style }), svg("text", { x: 32 }, text)));
  return el("div", { class: "scroll" }, svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "graph", role: "group", "aria-label": "Parties and their bonds" }, ...lines, ...dots, ...key));
}

// Each name below, above, right or left of its circle, where it covers least of the others; those most is said of choose first.
function placed(points, width) {
  const taken = points.map((p) => [p.x - p.r, p.y - p.r, p.x + p.r, p.y + p.r]), found = new Map();
  const covered = ([a, b, c, d]) => taken.reduce((sum, [e, f, g, h]) => sum + Math.max(0, Math.min(c, g) - Math.max(a, e)) * Math.max(0, Math.min(d, h) - Math.max(b, f)), 0) + 20 * (Math.max(0, 4 - a) + Math.max(0, c - width + 4));
  for (const p of points.toSorted((a, b) => b.node.claims - a.node.claims)) {
    const wide = 6.6 * p.short.length, far = p.r + 4;
    const ways = [[0, far + 11, "middle", 0.5], [0, -far - 2, "middle", 0.5], [far, 4, "start", 0], [-far, 4, "end", 1]].map(([x, y, anchor, share]) => {
      const left = p.x + x - share * wide, box = [left, p.y + y - 11, left + wide, p.y + y + 3];
      return { x, y, anchor, box, cost: covered(box) };
    });
    const best = ways.reduce((one, other) => (other.cost < one.cost ? other : one));
    taken.push(best.box);
    found.set(p, { x: best.x, y: best.y, "text-anchor": best.anchor });
  }
  return found;
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

export async function sources() {
  const found = await all("sources", { known_by: state.known }, ROWS);
  const rows = found.items.map((one) => el("tr", {},
    el("td", { dir: "auto", class: "wraps" }, one.kind ? opens(one.name, { actor: one.informant, place: null, incident: null }) : one.name,
      el("span", { class: "soft" }, [one.kind ? words(one.kind) : "not in the registry", ...one.sides].join(", "), ": ", Object.entries(one.kinds).slice(0, 3).map(([kind, n]) => `${words(kind)} ${n}`).join(", "))),
    el("td", { title: one.because }, el("b", {}, one.reliability)),
    ...[one.claims, one.borne_out, one.contradicted].map((n) => el("td", { class: "number" }, n.toLocaleString("en")))));
  return [title("Sources", `Who says what, and how often others bore them out: ${plural(found.total, "informant")}. A: relied on fully, to E: not; F: cannot be judged. By kind and side, never by who won.`),
    table(["Informant", "Grade", "Claims", "Borne out", "Contradicted"], rows), cut(found.total)];
}

export async function coverage() {
  const asked = { known_by: state.known };
  const [outlets, areas] = await Promise.all(["outlet", "area"].map((by) => all("coverage", { ...asked, by }, ROWS)));
  const days = outlets.items.flatMap((one) => [number(one.first), number(one.last)]), ends = [Math.min(...days), Math.max(...days)];
  const area = (one) => [one.country, one.admin1].filter(Boolean).join(", ");
  const rows = (found, name) => found.items.map((one) => el("tr", {}, el("td", { dir: "auto" }, name(one)), el("td", {}, weeks(one, ends)),
    ...[one.reports, one.claims].map((n) => el("td", { class: "number" }, n.toLocaleString("en"))), el("td", {}, shown(one.last))));
  const heads = ["Week by week", "Reports", "Claims", "Last report"];
  const age = (one) => number(state.on) - number(one.last);
  const quiet = areas.items.filter((one) => age(one) > 30).sort((a, b) => age(b) - age(a)).slice(0, 20);
  return [title("Coverage", "What was reported, by whom and where: silence is not calm."), table(["Outlet", ...heads], rows(outlets, (one) => one.outlet ?? "unnamed outlet")), cut(outlets.total),
    el("h3", {}, "By area"), table(["Area", ...heads], rows(areas, area)), cut(areas.total),
    quiet.length ? el("section", {}, el("h3", {}, "Areas nobody has reported on for a month"), el("ul", {}, quiet.map((one) => el("li", {}, `${area(one)}: ${age(one)} days before ${shown(state.on)}`)))) : ""];
}

// Reports of each week as a bar; where there is none, nobody reported.
function weeks(one, [first, last]) {
  const width = 150, step = width / Math.max(1, (last - first) / 7 + 1), most = Math.max(...Object.values(one.weeks)), told = Object.entries(one.weeks);
  const bars = told.map(([monday, n]) => svg("rect", { x: (Math.max(0, number(monday) - first) / 7) * step, width: Math.max(1, step - 0.5), height: 3 + 13 * Math.sqrt(n / most), y: 13 - 13 * Math.sqrt(n / most) }));
  return svg("svg", { viewBox: `0 0 ${width} 16`, class: "weeks", role: "img", "aria-label": `reports in ${plural(told.length, "week")} of ${Math.ceil((last - first + 1) / 7)}` }, ...bars);
}

export const VIEWS = { map: ["Map", null], changes: ["Changes", changes], incidents: ["Incidents", incidents], alliances: ["Alliances", alliances], disputes: ["Disputes", disputes], sources: ["Sources", sources], search: ["Search", search], coverage: ["Coverage", coverage] };
