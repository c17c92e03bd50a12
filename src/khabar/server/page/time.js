// Two handles: the day that is asked about, and the day on which it was known. Behind them, how much was said when.

import { el } from "./dom.js";
import { day, go, number, onChange, shown, state } from "./state.js";

export class Time {
  constructor(element, record) {
    const days = [record.published.first, record.published.last, record.events.first, record.events.last].filter(Boolean).map(number);
    this.first = Math.min(...(record.published.first ? [number(record.published.first) - 30] : days));
    this.last = Math.max(...(record.published.last ? [number(record.published.last)] : days)) + 7;
    if (!days.length) [this.first, this.last] = [number("2000-01-01"), number("2000-01-02")];
    state.on ??= day(Math.max(this.first, this.last - 7));
    this.element = element;
    this.bars = new Map();
    this.build();
    onChange(() => this.set());
    this.set();
  }

  build() {
    const range = (label, change) =>
      el("input", { type: "range", min: this.first, max: this.last, step: 1, "aria-label": label, oninput: (event) => change(day(Number(event.target.value))) });
    this.on = range("Day", (value) => go({ on: value }, { replace: true }));
    this.known = range("As known on", (value) => go({ known: value === day(this.last) ? null : value }, { replace: true }));
    this.onWords = el("output");
    this.knownWords = el("output");
    this.date = el("input", { type: "date", "aria-label": "Day", onchange: (event) => event.target.value && go({ on: event.target.value }) });
    this.play = el("button", { "aria-label": "Play", onclick: () => this.run() }, "▶");
    this.chart = el("canvas", { class: "histogram", role: "img", "aria-label": "Claims by day of publication" });
    this.beforeDate = el("input", { type: "date", "aria-label": "Day before", onchange: (event) => event.target.value && go({ before: event.target.value }) });
    this.beforeRow = el("label", { class: "row before", hidden: true }, el("span", {}, "Before"), this.beforeDate);
    this.element.replaceChildren(
      el("div", { class: "row" }, this.play, el("span", { class: "label" }, "On"), el("div", { class: "track" }, this.chart, this.on), this.date, this.onWords),
      el("div", { class: "row" }, el("span", { class: "spare" }), el("span", { class: "label" }, "As known on"), el("div", { class: "track" }, this.known), this.knownWords, this.beforeRow),
    );
    addEventListener("resize", () => this.draw());
  }

  set() {
    const at = number(state.on);
    this.on.value = Math.min(this.last, Math.max(this.first, at));
    this.on.setAttribute("aria-valuetext", shown(state.on));
    this.known.value = state.known ? number(state.known) : this.last;
    this.known.setAttribute("aria-valuetext", state.known ? shown(state.known) : "today");
    this.date.value = state.on;
    this.onWords.textContent = shown(state.on);
    this.knownWords.textContent = state.known ? shown(state.known) : "all reports";
    this.beforeRow.hidden = !state.before;
    this.beforeDate.value = state.before ?? "";
    if (this.drawn !== state.known) this.draw();
  }

  // Behind the handle, how much was said when.
  fill(coverage) {
    this.bars = histogram(coverage, this.first, this.last);
    this.draw();
  }

  draw() {
    this.drawn = state.known;
    const width = this.chart.clientWidth || 600, height = 34, scale = devicePixelRatio || 1;
    [this.chart.width, this.chart.height] = [width * scale, height * scale];
    const c = this.chart.getContext("2d"), css = getComputedStyle(document.documentElement);
    c.scale(scale, scale);
    const later = css.getPropertyValue("--line"), bar = css.getPropertyValue("--bar");
    const step = width / (this.last - this.first + 1), most = Math.max(1, ...this.bars.values());
    for (const [at, count] of this.bars) {
      const tall = Math.max(1.5, (height - 2) * Math.sqrt(count / most));
      c.fillStyle = state.known && at > number(state.known) ? later : bar;
      c.fillRect((at - this.first) * step, height - tall, Math.max(1, step - 0.5), tall);
    }
  }

  run() {
    if (this.timer) return this.stop();
    if (number(state.on) >= this.last) go({ on: day(this.first) }, { replace: true });
    this.play.textContent = "⏸";
    this.play.setAttribute("aria-label", "Pause");
    const step = Math.max(1, Math.round((this.last - this.first) / 240));
    this.timer = setInterval(() => {
      const next = number(state.on) + step;
      if (next > this.last) return this.stop();
      go({ on: day(next) }, { replace: true });
    }, 120);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.play.textContent = "▶";
    this.play.setAttribute("aria-label", "Play");
  }
}

function histogram(rows, first, last) {
  const counts = new Map();
  for (const row of rows) {
    const at = number(row.day);
    if (at >= first && at <= last) counts.set(at, (counts.get(at) ?? 0) + row.claims);
  }
  return counts;
}

