// What awaits an analyst → decisions, one key each: read, press a letter, say why, Enter.

import { all, ask, forget, send, token, whose } from "./api.js";
import { by, el, plural, words } from "./dom.js";
import { claim } from "./panel.js";
import { go, shown } from "./state.js";

const MODALITIES = ["asserted", "denied", "possible", "planned", "predicted", "background"];
// What is most often said, offered first and typed over by whoever knows better.
const USUAL = {
  accept: "as the report says", reject: "the sentence does not say so", correct: "as the report says", name: "the same group", place: "checked on a map",
  leave: "nothing more can be said of it", merge: "one happening", split: "another happening", withdraw: "decided by mistake",
};
const TITLES = { accept: "Accept", reject: "Reject", correct: "Correct", name: "Name", place: "Place", leave: "Leave", merge: "Merge", split: "Split", withdraw: "Take back" };
const ACTIONS = {
  claim: [["a", "accept"], ["r", "reject"], ["c", "correct"]],
  actor: [["n", "name"], ["l", "leave"]],
  place: [["p", "place"], ["l", "leave"]],
};

let queue = [], total = 0, at = 0, mine = [], person = null, note = "";
const root = el("div", { id: "review" });

export async function review() {
  await signer();
  const found = await ask("queue", { limit: 200 });
  ({ total } = found);
  const held = queue[at]?.id;
  queue = found.items;
  at = Math.max(0, queue.findIndex((row) => row.id === held));
  draw();
  setTimeout(focus); // once it stands in the page
  return [root];
}

async function signer() {
  if (token() && !person) person = await whose().catch(() => null);
  return person;
}

// --- what is seen

function draw() {
  root.replaceChildren(el("header", {}, el("h2", {}, "Review"), el("p", { class: "soft" },
    `${plural(total, "matter awaits", "matters await")} a decision, the most consequential first. Every decision is signed, kept beside the machine's version and can be taken back.`)),
  person ? signedIn() : door(), el("p", { id: "said", role: "status" }, note),
  queue.length ? el("div", { class: "desk" }, rows(), card(queue[at])) : el("p", {}, "Nothing awaits a decision."), decided());
  root.querySelector(".queue [aria-current]")?.scrollIntoView({ block: "nearest" });
  focus();
}

function focus() {
  if (!root.contains(document.activeElement)) root.querySelector("#card")?.focus({ preventScroll: true });
}

function signedIn() {
  return el("p", { class: "soft" }, "Signing as ", el("b", {}, person.name), " ", el("button", { class: "link", onclick: () => (token(null), (person = null), forget(), draw()) }, "sign out"));
}

function door() {
  const field = el("input", { id: "token", type: "password", autocomplete: "off", required: true, size: 46 });
  return el("form", { class: "door", onsubmit: (event) => enter(event, field) }, el("label", { for: "token" }, "Your token "), field, " ", el("button", {}, "Sign in"),
    el("span", { class: "soft" }, " It is kept in this tab only. khabar token makes one."));
}

async function enter(event, field) {
  event.preventDefault();
  token(field.value.trim());
  try {
    person = await whose();
    say(`Decisions are signed ${person.name}.`);
    draw();
    root.querySelector("#card")?.focus();
  } catch (error) {
    token(null);
    say(error.message);
  }
}

function rows() {
  return el("ol", { class: "queue", "aria-label": "What awaits a decision" }, queue.map((row, i) =>
    el("li", {}, el("button", { "aria-current": i === at ? "true" : null, onclick: () => pick(i) }, el("b", { dir: "auto" }, row.name), el("span", { class: "soft" }, ` ${row.why}`)))));
}

function pick(i) {
  at = Math.max(0, Math.min(queue.length - 1, i));
  note = "";
  draw();
  root.querySelector("#card").focus();
}

function card(row) {
  const actions = ACTIONS[row.subject];
  return el("section", { id: "card", tabindex: -1, "aria-label": `${row.name}: ${row.why}`, onkeydown: (event) => keys(event, row) },
    el("p", { class: "why" }, el("span", { class: "tag" }, row.why), ` ${at + 1} of ${total.toLocaleString("en")}`),
    el("h3", { dir: "auto" }, row.name, row.place ? el("button", { class: "link evidence", onclick: () => go({ place: row.place, incident: null, actor: null }) }, " evidence (e)") : ""),
    row.claim ? [claim(row.claim), facts(row.claim)] : row.sentences.map(quoted),
    row.near.length ? el("p", { class: "soft" }, "Called much alike: ", row.near.map((one) => one.name).join(", ")) : "",
    el("div", { class: "actions" }, actions.map(([key, verdict]) => el("button", { disabled: !person, "data-verdict": verdict, "aria-keyshortcuts": key, onclick: () => open(row, verdict) }, TITLES[verdict], el("kbd", { "aria-hidden": "true" }, key)))),
    el("div", { id: "form" }),
    el("p", { class: "soft keys" }, el("kbd", {}, "j"), " next ", el("kbd", {}, "k"), " back ", el("kbd", {}, "e"), " evidence ", el("kbd", {}, "u"), " undo the last"));
}

function facts(row) {
  const name = (one) => (one ? one.name ?? one.text : "nobody named");
  return el("dl", { class: "facts" }, [["What", words(row.kind)], ["Who", name(row.actor)], ["To whom", name(row.recipient)], ["Where", name(row.place)],
    ["When", row.date_end ? `${row.date_start && row.date_start !== row.date_end ? `${shown(row.date_start)} to ` : ""}${shown(row.date_end)}` : "no day"], ["Said as", row.modality]].map(([term, value]) => [el("dt", {}, term), el("dd", { dir: "auto" }, value)]).flat());
}

const quoted = (one) => el("article", { class: "claim" }, el("blockquote", { dir: "auto" }, one.sentence ?? ""), el("p", {}, one.outlet ?? "unnamed outlet", " · ", shown(one.published)));

function keys(event, row) {
  if (event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  const action = ACTIONS[row.subject].find(([key]) => key === event.key);
  const moves = { j: () => pick(at + 1), k: () => pick(at - 1), ArrowDown: () => pick(at + 1), ArrowUp: () => pick(at - 1), u: undo, e: () => row.place && go({ place: row.place, incident: null, actor: null }) };
  const act = action ? person && (() => open(row, action[1])) : moves[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function say(text) {
  note = text;
  const place = by("said");
  if (place) place.textContent = text;
}

// --- what is decided

function open(row, verdict) {
  const reason = reasonField(verdict), more = { correct: correction, name: naming, place: placing }[verdict]?.(row);
  by("form").replaceChildren(formOf(verdict, reason, more?.parts ?? [], () => decide(row, verdict, reason, more?.read() ?? {}), () => by("card").focus()));
  (more?.first ?? reason).focus();
  (more?.first ?? reason).select?.();
  by("form").lastElementChild.scrollIntoView({ block: "nearest" });
}

export function reasonField(verdict) {
  return el("input", { required: true, maxlength: 2000, size: 44, value: sessionStorage.getItem(`reason ${verdict}`) ?? USUAL[verdict], "aria-label": "Reason" });
}

// One form for every decision: what it needs, why, Enter signs, Escape leaves it.
export function formOf(verdict, reason, parts, sign, leave) {
  const wrong = el("p", { class: "error", role: "alert" });
  const form = el("form", {
    class: "decision", onkeydown: (event) => event.key === "Escape" && (event.stopPropagation(), form.remove(), leave()),
    onsubmit: async (event) => {
      event.preventDefault();
      try {
        await sign();
        sessionStorage.setItem(`reason ${verdict}`, reason.value);
      } catch (error) {
        wrong.textContent = error.message;
      }
    },
  }, parts, el("label", {}, "Why ", reason), el("div", {}, el("button", { class: "sign" }, `${TITLES[verdict]} and sign`), " ", el("button", { type: "button", onclick: () => (form.remove(), leave()) }, "Cancel")), wrong);
  return form;
}

async function decide(row, verdict, reason, more) {
  const { subject, id } = row;
  const made = await send("decisions", { subject, id, verdict, reason: reason.value, ...more });
  mine.push({ made, row, at });
  queue.splice(at, 1);
  total -= 1;
  at = Math.min(at, Math.max(0, queue.length - 1));
  say(`${TITLES[verdict]}: ${row.name}. Signed ${made.signed_by}. Press u to undo.`);
  draw();
  root.querySelector("#card")?.focus();
}

async function undo() {
  const last = mine.pop();
  if (!last) return say("Nothing was decided here yet; what was decided before is listed below.");
  try {
    await send(`decisions/${last.made.decision}/withdrawal`, { reason: USUAL.withdraw });
    queue.splice(last.at, 0, last.row);
    total += 1;
    at = last.at;
    say(`Taken back: ${last.made.verdict} of ${last.row.name}. Both stay in the record.`);
    draw();
    root.querySelector("#card")?.focus();
  } catch (error) {
    mine.push(last);
    say(error.message);
  }
}

function correction(row) {
  const one = row.claim, name = (part) => part?.name ?? part?.text ?? "";
  const held = { actor: name(one.actor), recipient: name(one.recipient), date_start: one.date_start ?? "", date_end: one.date_end ?? "", modality: one.modality };
  const inputs = Object.fromEntries(Object.entries(held).map(([field, value]) => [field, field === "modality"
    ? el("select", {}, MODALITIES.map((mode) => el("option", { selected: mode === value }, mode)))
    : el("input", { value, type: field.startsWith("date") ? "date" : "text", maxlength: 200 })]));
  const labels = { actor: "Who", recipient: "To whom", date_start: "From", date_end: "By", modality: "Said as" };
  return {
    first: inputs.actor, parts: el("div", { class: "fields" }, Object.entries(inputs).map(([field, input]) => el("label", {}, labels[field], input))),
    read: () => ({ fields: Object.fromEntries(Object.entries(inputs).filter(([field, input]) => input.value !== held[field]).map(([field, input]) => [field, input.value.trim()])) }),
  };
}

function naming(row) {
  const chosen = finder("actor", row.name, row.near.map((one) => ({ ...one, more: "called much alike" })));
  const id = el("input", { value: row.id.replace(/^name:/, ""), pattern: "[a-z0-9]+(-[a-z0-9]+)*", size: 30 }), kind = el("select", {}, person.kinds.map((one) => el("option", { selected: one === "rebel group" }, one)));
  const fresh = el("fieldset", {}, el("legend", {}, "or a new group"), el("label", {}, "id ", id), el("label", {}, " kind ", kind));
  return { first: chosen.first, parts: [chosen.part, fresh], read: () => (chosen.value() ? { becomes: chosen.value() } : { becomes: id.value, kind: kind.value, name: row.name }) };
}

function placing(row) {
  const chosen = finder("place", row.name, []);
  return {
    first: chosen.first, parts: [chosen.part],
    read: () => {
      const point = chosen.first.value.match(/^\s*(-?\d+(?:\.\d+)?)\s*[,;\s]\s*(-?\d+(?:\.\d+)?)\s*$/);
      return point ? { latitude: Number(point[1]), longitude: Number(point[2]) } : { becomes: chosen.value() };
    },
  };
}

// A name → those it may mean; the arrow keys choose.
function finder(subject, name, given) {
  const field = el("input", { value: name, size: 36, "aria-label": subject === "place" ? "Place, or latitude, longitude" : "Group" });
  const none = subject === "actor" ? [el("option", { value: "" }, "none of these: a new group")] : [];
  const list = el("select", { size: 5, "aria-label": "Which" });
  const fill = (items) => {
    const shown = [...given, ...items.filter((one) => !given.some((other) => other.id === one.id))];
    list.replaceChildren(...shown.map((one, i) => el("option", { value: one.id, selected: i === 0 }, `${one.name}${one.more ? `, ${one.more}` : ""} (${one.id})`)), ...none);
    if (!shown.length && none.length) list.value = "";
  };
  let asked = 0;
  const look = async () => {
    const number = ++asked;
    const found = field.value.trim() ? await ask("candidates", { subject, name: field.value.trim() }).catch(() => ({ items: [] })) : { items: [] };
    if (number === asked) fill(found.items);
  };
  let wait = null;
  field.addEventListener("input", () => (clearTimeout(wait), (wait = setTimeout(look, 150))));
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    list.selectedIndex = Math.max(0, Math.min(list.options.length - 1, list.selectedIndex + step));
  });
  fill([]);
  look();
  return { first: field, part: [el("label", {}, subject === "place" ? "It is, or lies at latitude, longitude " : "It is ", field), list], value: () => list.value };
}

// --- incidents: from their own panel

// An incident → buttons that merge it with another and split claims off it.
export async function incidentDesk(one) {
  if (!(await signer())) return el("p", { class: "soft" }, "Who has a token can merge and split incidents: sign in under Review.");
  const place = el("div", {}), button = (verdict, make) => el("button", { "data-verdict": verdict, onclick: () => make(one, place) }, TITLES[verdict], "…");
  return el("section", { class: "incidentdesk" }, el("div", { class: "actions" }, button("merge", merging), one.claims.length > 1 ? button("split", splitting) : ""), place);
}

async function merging(one, place) {
  const near = (day, by) => day && new Date(Date.parse(day) + by * 86400000).toISOString().slice(0, 10);
  const { items } = await ask("incidents", { from: near(one.date_start ?? one.date_end, -10), to: near(one.date_end, 10), limit: 500 });
  const here = (other) => Number(other.place?.name === one.place?.name) + Number(other.kind === one.kind);
  const others = items.filter((other) => other.id !== one.id).sort((a, b) => here(b) - here(a));
  const list = el("select", { size: 6, required: true, "aria-label": "Merge with" }, others.map((other) => el("option", { value: other.id }, `${other.date_end ? shown(other.date_end) : "no day"}: ${other.title}`)));
  list.selectedIndex = 0;
  settle(one, "merge", place, el("label", {}, "It is one with ", list), () => [list.value], list);
}

function splitting(one, place) {
  const boxes = one.evidence.map((row) => el("input", { type: "checkbox", value: row.claim_id }));
  const part = el("fieldset", {}, el("legend", {}, "These tell of another happening"), one.evidence.map((row, i) => el("label", { class: "apart" }, boxes[i], " ", el("span", { dir: "auto" }, row.sentence.slice(0, 160)))));
  settle(one, "split", place, part, () => boxes.filter((box) => box.checked).map((box) => box.value), boxes[0]);
}

function settle(one, verdict, place, part, others, first) {
  const reason = reasonField(verdict);
  place.replaceChildren(formOf(verdict, reason, [part], async () => {
    const made = await send("decisions", { subject: "incident", id: one.id, verdict, reason: reason.value, others: others() });
    const back = async () => {
      await send(`decisions/${made.decision}/withdrawal`, { reason: USUAL.withdraw });
      place.replaceChildren(el("p", { role: "status" }, "Taken back; both stay in the record."));
    };
    place.replaceChildren(el("p", { role: "status" }, `${TITLES[verdict]}: signed ${made.signed_by}. `, el("button", { onclick: back }, "Take back")));
    place.querySelector("button").focus();
  }, () => place.parentNode.querySelector("button")?.focus()));
  first.focus();
}

// --- what was decided before

function decided() {
  const list = el("div", {});
  return el("details", { ontoggle: (event) => event.target.open && before(list) }, el("summary", {}, "What was decided"), list);
}

async function before(list) {
  const { items } = await all("decisions", {}, 200);
  list.replaceChildren(items.length ? el("ul", { class: "decided" }, items.slice(0, 200).map((one) => el("li", { class: one.in_force ? null : "soft" },
    `${shown(one.signed_at.slice(0, 10))}, ${one.signed_by}: ${one.verdict} ${one.subject} ${one.id}: ${one.reason} `,
    one.in_force && person ? el("button", { class: "link", onclick: (event) => takeBack(event.target.parentNode, one, list) }, "take back") : "")))
    : el("p", { class: "soft" }, "Nothing yet."));
}

function takeBack(row, one, list) {
  const reason = reasonField("withdraw");
  row.append(formOf("withdraw", reason, [], async () => {
    await send(`decisions/${one.decision}/withdrawal`, { reason: reason.value });
    await before(list);
  }, () => row.querySelector("button")?.focus()));
  reason.focus();
  reason.select();
}
