// A place, an incident or an actor → the evidence for it: states over time, the rules in words, and each sentence with its speakers.

import { all, ask } from "./api.js";
import { by, el, link, plural, words } from "./dom.js";
import { go, lastDay, periodOf, shown, span, state } from "./state.js";
import { colourOf, icon, look } from "./symbols.js";

const MOST = 40; // claims shown before the reader asks for more

export function claim(row) {
  const chain = [row.outlet ?? "unnamed outlet", ...row.attribution.map((speaker) => speaker.text)].flatMap((said, i) => [i ? " → " : "", el("bdi", {}, said)]);
  const denied = row.modality === "asserted" ? null : el("span", { class: `modality ${row.modality}` }, row.modality);
  const quoted = el("blockquote", { dir: "auto" }, marked(row));
  return el("article", { class: "claim", "data-claim": row.claim_id },
    row.original ? el("div", { class: "both" }, quoted, el("blockquote", { dir: "auto", class: "original" }, shortened([...row.original]))) : quoted,
    row.original ? el("p", {}, "The original beside it", row.translated_by ? [", translated by ", el("bdi", {}, row.translated_by)] : "") : "",
    el("p", { class: "chain" }, chain, graded(row), " ", denied),
    el("p", {}, words(row.kind), row.date_end ? `, ${span(row.date_start, row.date_end)}` : "", learnt(row), " · published ", shown(row.published), " · ", link(row.url, "report"), " · ",
      el("a", { href: `/api/v1/claims/${row.claim_id}/citation.bib`, download: `khabar-${row.claim_id}.bib` }, "cite")));
}

// A claim that no rule made says how likely the model holds it.
const learnt = (row) => (typeof row.confidence === "number" ? ` · by the model alone, confidence ${row.confidence.toFixed(2)}` : "");

// How far the innermost speaker is relied on, and on whose side it is.
function graded(row) {
  if (!row.reliability) return "";
  const sides = row.sides.length ? ` · ${row.sides.join(", ")}` : "";
  return [" ", el("span", { class: "grade", title: row.reliability_because }, `grade ${row.reliability}${sides}`)];
}

const LONG = 600; // characters of a sentence beyond which its middle is shown first

// The sentence with its words marked. Offsets are code points, of which a character of JavaScript may be half of one.
function marked(row) {
  const sentence = [...row.sentence], at = row.trigger[0] - row.start, end = row.trigger[1] - row.start;
  if (!(at >= 0 && end <= sentence.length && end > at)) return shortened(sentence);
  const parts = (from, to) => [sentence.slice(from, at).join(""), el("mark", {}, sentence.slice(at, end).join("")), sentence.slice(end, to).join("")];
  return sentence.length > LONG ? folded(parts(0), parts(Math.max(0, at - 200), end + 200), [at > 200, end + 200 < sentence.length], sentence.length) : parts(0);
}

const shortened = (text) => (text.length > LONG ? folded([text.join("")], [text.slice(0, 400).join("")], [false, true], text.length) : [text.join("")]);

function folded(whole, part, [before, after], long) {
  const held = el("span", {}, before ? "… " : "", part, after ? " …" : "");
  const open = el("button", { class: "link", onclick: () => (held.replaceChildren(...whole), open.remove()) }, `all ${long.toLocaleString("en")} characters`);
  return [held, " ", open];
}

// Claims under a heading, page by page: `load` gives those from a number on.
function paged(heading, total, load) {
  const list = el("div", { class: "claims" }), more = el("button", { class: "more", onclick: () => add() });
  let shownRows = 0;
  const show = (rows) => {
    list.append(...rows.map(claim));
    shownRows += MOST;
    more.disabled = false;
    more.hidden = shownRows >= total;
    more.textContent = plural(total - shownRows, "more claim");
  };
  const add = () => {
    const rows = load(shownRows, MOST);
    if (Array.isArray(rows)) return show(rows);
    more.disabled = true;
    rows.then(show).catch((error) => more.replaceWith(el("p", { class: "error" }, error.message)));
  };
  if (total) add();
  return el("section", {}, el("h3", {}, `${heading} (${total.toLocaleString("en")})`), total ? [list, more] : el("p", { class: "soft" }, "none"));
}

export const claims = (rows, heading) => paged(heading, rows.length, (from, most) => rows.slice(from, from + most));

// Claims by their ids, in that order.
function called(ids, heading) {
  return paged(heading, ids.length, async (from, most) => {
    const some = ids.slice(from, from + most), { items } = await ask("claims", { ids: some.join(","), known_by: state.known, limit: most });
    const found = new Map(items.map((row) => [row.claim_id, row]));
    return some.map((id) => found.get(id)).filter(Boolean);
  });
}

const name = (actor) => actor?.name ?? null;

export function stateWords(period) {
  const holder = name(period.holder);
  const how = period.standing === "assessed" ? "assessed" : "claimed only";
  const parts = {
    held: `${holder} (${how})`,
    besieged: `${holder ?? "nobody named"}, besieged by ${name(period.besieged_by) ?? "somebody"}`,
    contested: holder ? `contested; last held by ${holder}` : "contested",
    unknown: "unknown",
  };
  const disputed = period.disputed_by?.length ? `; disputed by ${period.disputed_by.map(name).join(", ")}` : "";
  return parts[period.status] + disputed;
}

export async function showPlace(place) {
  const panel = by("panel"), query = { place: place.id ?? place.name, on: state.on, known_by: state.known };
  const period = periodOf(place, state.on);
  panel.replaceChildren(head(place.name, [place.admin1, place.country, place.precision && place.precision !== "town" ? words(place.precision) : null]));
  panel.append(el("p", { class: "summary" }, icon(look(period, place)), " ", isolated(stateWords(period)), ` on ${shown(state.on)}`), strip(place));
  try {
    const sought = { place: query.place, known_by: state.known, limit: MOST };
    const answer = await ask("control", query);
    if (state.place !== place.key) return;
    panel.append(
      answer.since === null || answer.probability === null ? "" : el("p", { class: "soft" }, `${since(answer.since)} · probability ${answer.probability} · ${plural(answer.informants, "independent informant")}`),
      el("details", { open: true }, el("summary", {}, "Why"), el("ul", {}, answer.because.map((reason) => el("li", {}, rule(reason))))),
      el("div", { class: answer.for.length && answer.against.length ? "sides opposite" : "sides" }, called(answer.for, "For"), called(answer.against, "Against")),
      every(sought, !answer.for.length && !answer.against.length),
    );
  } catch (error) {
    panel.append(el("p", { class: "error" }, error.message));
  }
}

// All that is said of the place, asked for when it is opened: of a place that is told of every day that takes a while.
function every(sought, open) {
  const fill = async () => {
    if (made.children.length > 1) return;
    const held = made.appendChild(el("p", { class: "soft" }, "…"));
    try {
      const told = await ask("claims", sought);
      held.replaceWith(paged("Claims", told.total, (from) => (from ? ask("claims", { ...sought, after: from }).then(({ items }) => items) : told.items)));
    } catch (error) {
      held.replaceWith(el("p", { class: "error" }, error.message));
    }
  };
  const made = el("details", { class: "every", open, ontoggle: fill }, el("summary", {}, "All claims about this place"));
  return made;
}

// The change came within these days.
function since({ date_start: first, date_end: last }) {
  return first === last ? `since ${shown(last)}` : first ? `since a day from ${shown(first)} to ${shown(last)}` : `since ${shown(last)} at the latest`;
}

function rule(reason) {
  const [named, ...rest] = reason.split(": ");
  return [el("b", {}, named), ": ", isolated(rest.join(": "))];
}

// Names in Hebrew or Arabic letters within a line from left to right, each set apart: a number after one must not slip before it.
const FROM_RIGHT = /([\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc](?:[\s\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc])?)/;
export const isolated = (text) => text.split(FROM_RIGHT).map((part, i) => (i % 2 ? el("bdi", {}, part) : part));

function head(title, more = []) {
  return el("header", {}, el("h2", { dir: "auto" }, title),
    el("button", { class: "close", "aria-label": "Close", onclick: () => go({ place: null, incident: null, actor: null }) }, "×"),
    el("p", { class: "soft" }, more.filter(Boolean).join(" · ")));
}

// The place's states over time: one stretch each, with a list of the same for those who cannot see it.
function strip(place) {
  const known = [];
  for (const period of place.periods) {
    if (!period.date_start) continue;
    if (known.length && stateWords(known.at(-1)) === stateWords(period)) known.at(-1).date_end = lastDay(period);
    else known.push({ ...period, date_end: lastDay(period) });
  }
  if (!known.length) return el("p", { class: "soft" }, "No report says who held it.");
  const time = (text) => Date.parse(`${text}T00:00:00Z`);
  const start = time(known[0].date_start), end = Math.max(time(state.on), time(known.at(-1).date_start)) + 30 * 86400000;
  const bars = known.map((period) => {
    const from = time(period.date_start), to = period.date_end ? time(period.date_end) + 86400000 : end;
    const share = (Math.min(to, end) - from) / (end - start), colour = colourOf(period.holder);
    const fill = period.status === "unknown" ? "transparent" : period.standing === "claimed" || period.status === "contested"
      ? `repeating-linear-gradient(45deg, ${colour} 0 3px, transparent 3px 7px)` : colour;
    const label = `${span(period.date_start, period.date_end)}: ${stateWords(period)}`;
    return el("button", { class: "stretch", style: `flex-grow:${share};background:${fill}`, title: label, "aria-label": label, onclick: () => go({ on: period.date_start }) });
  });
  return el("div", { class: "strip", role: "group", "aria-label": "States over time" }, bars,
    time(state.on) >= start ? el("span", { class: "today", "aria-hidden": "true", style: `left:${(100 * (time(state.on) - start)) / (end - start)}%` }) : "");
}

// `desk`: what an analyst can do with it.
export async function showIncident(id, desk) {
  const panel = by("panel");
  panel.replaceChildren(head("…"));
  try {
    const one = await ask(`incidents/${encodeURIComponent(id)}`, { known_by: state.known });
    if (state.incident !== id) return;
    const counted = one.evidence.filter((row) => ["asserted", "background"].includes(row.modality));
    panel.replaceChildren(head(one.title, [words(one.kind), span(one.date_start, one.date_end), plural(one.informants, "independent informant")]),
      one.figures.length ? el("ul", {}, one.figures.map((f) => el("li", {}, `${words(f.unit)}: ${f.best ?? "?"} (between ${f.low ?? "?"} and ${f.high ?? "?"})`))) : "",
      el("div", { class: "sides" }, claims(counted, "Told by"), claims(one.evidence.filter((row) => !counted.includes(row)), "Denied, doubted, planned")));
    if (desk) panel.querySelector(".sides").before(await desk(one));
  } catch (error) {
    panel.replaceChildren(head("Not found"), el("p", { class: "error" }, error.message));
  }
}

export async function showActor(key) {
  const panel = by("panel");
  panel.replaceChildren(head("…"));
  try {
    const one = await ask(`actors/${encodeURIComponent(key)}`, { on: state.on, known_by: state.known });
    if (state.actor !== key) return;
    const lists = Object.entries(one).filter(([, value]) => Array.isArray(value) && value.length && value.every((row) => row && typeof row === "object" && ("name" in row || "actor" in row)));
    panel.replaceChildren(head(one.name, [one.kind, one.id]),
      el("p", { class: "soft" }, `On ${shown(state.on)}`),
      ...lists.map(([title, rows]) => el("section", {}, el("h3", {}, words(title)), el("ul", {}, rows.slice(0, 60).map((row) => el("li", {}, row.name ?? row.actor?.name))))),
      one.names?.length ? el("section", {}, el("h3", {}, "Called"), el("p", { dir: "auto" }, one.names.map((n) => n.text ?? n).join(" · "))) : "",
      el("p", {}, el("button", { onclick: () => go({ view: "search", search: one.name }) }, "Sentences that name it")));
  } catch (error) {
    panel.replaceChildren(head(key), el("p", { class: "error" }, error.message));
  }
}

// Two days side by side: what changed hands between them, from whom to whom.
export async function showBetween(places) {
  const asked = [state.before, state.on], panel = by("panel");
  try {
    const found = await all("changes", { from: state.before, to: state.on, known_by: state.known }, MOST_CHANGES);
    if (state.place || state.incident || state.actor || asked.join() !== [state.before, state.on].join()) return;
    const key = new Map(places.map((place) => [place.id ?? place.name, place.key]));
    const dot = (actor) => el("span", { class: "dot", style: `background:${colourOf(actor)}`, "aria-hidden": "true" });
    panel.replaceChildren(el("h2", {}, "What changed between"), el("p", { class: "soft" }, `${shown(state.before)} and ${shown(state.on)}: ${plural(found.total, "change")}`),
      el("ul", { class: "between" }, found.items.slice(0, MOST_CHANGES).map((row) => el("li", {},
        el("button", { class: "link", dir: "auto", onclick: () => go({ place: key.get(row.place.id ?? row.place.name) ?? null }) }, row.place.name), ": ",
        dot(row.from), row.from?.name ?? "nobody named", " → ", dot(row.to), row.to?.name ?? "nobody named",
        el("span", { class: "soft" }, `${span(row.date_start, row.date_end)}, ${row.standing}${row.disputed_by.length ? ", disputed" : ""}, ${plural(row.informants, "informant")}`)))),
      found.total > MOST_CHANGES ? el("p", { class: "soft" }, `The first ${MOST_CHANGES}; the view Changes has more.`) : "");
  } catch (error) {
    panel.replaceChildren(el("p", { class: "error" }, error.message));
  }
}

const MOST_CHANGES = 200;

export function showNothing(record) {
  by("panel").replaceChildren(el("h2", {}, record.name.replace(/\.khabar$/, "")),
    el("p", {}, `${plural(record.claims, "claim")} from ${plural(record.reports, "report")}, published ${shown(record.published.first)} to ${shown(record.published.last)}.`),
    el("p", { class: "soft" }, "Choose a place on the map, or a row in a list, for its evidence: every fact leads to its sentence and its speaker."),
    ...record.warnings.map((text) => el("p", { class: "soft" }, text)),
    record.public ? el("p", { class: "soft" }, "What was published in the last two weeks of a current war is held back here, and its places are coarse.") : "",
    el("p", { class: "soft" }, "What speakers said, and what follows from it by published rules. Not for targeting, not for operations, not a source to act on in the field."));
}
