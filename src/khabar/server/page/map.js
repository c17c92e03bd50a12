// Periods of places → a map of one day. Each stretch of days on which a place looks the same is one feature; moving the day is a filter.


import { go, number, state } from "./state.js";
import { lay } from "./basemap.js";
import { colourOf, isAround, look, paint } from "./symbols.js";

const WIDE = new Set(["district", "province", "country", "region"]);
const FOREVER = 3000000;
const dark = matchMedia("(prefers-color-scheme: dark)");

export class World {
  constructor(element) {
    this.element = element;
    World.last ??= this;
  }

  async start(places) {
    const library = await import("/vendor/maplibre-gl.mjs").catch(() => null);
    if (!library) throw new Error("the map library is not installed: build Khabar again where npm or PyPI can be reached");
    if (!hasWebGl()) throw new Error("this browser draws no WebGL, which the map needs; the lists and the evidence work without it");
    library.setWorkerUrl("/vendor/maplibre-gl-worker.mjs");
    this.places = places;
    const features = segments(places, this.names);
    this.shapes = stretched(places, this.names);
    this.map = new library.Map({
      container: this.element, style: style(), attributionControl: false, preserveDrawingBuffer: true, dragRotate: false, pitchWithRotate: false,
      maxZoom: 14, bounds: boundsOf([...features, ...this.shapes]), fitBoundsOptions: { padding: 60, maxZoom: 10 }, cooperativeGestures: false,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new library.NavigationControl({ showCompass: false }), "top-right");
    this.map.addControl(new library.ScaleControl(), "bottom-left");
    this.map.addControl(new library.AttributionControl({ compact: false, customAttribution: "Outlines: Natural Earth. Places: GeoNames, CC BY 4.0" }));
    this.map.on("click", ({ point }) => {
      const [found] = this.map.queryRenderedFeatures([[point.x - 3, point.y - 3], [point.x + 3, point.y + 3]], { layers: CLICKED.filter((id) => this.map.getLayer(id)) });
      if (found) go({ place: found.properties.key, incident: null, actor: null });
    });
    for (const layer of CLICKED) {
      this.map.on("mouseenter", layer, () => (this.map.getCanvas().style.cursor = "pointer"));
      this.map.on("mouseleave", layer, () => (this.map.getCanvas().style.cursor = ""));
    }
    dark.addEventListener("change", () => this.restyle());
    await new Promise((done) => this.map.on("load", done));
    this.features = features;
    this.library = library;
    await lay(library, this.map, this.basemap, dark.matches);
    this.fill();
  }

  paint() {
    for (const name of new Set(this.features.map((feature) => feature.properties.look)))
      if (!this.map.hasImage(name)) this.map.addImage(name, paint(name), { pixelRatio: 2 });
  }

  fill() {
    this.paint();
    this.map.addSource("places", { type: "geojson", data: { type: "FeatureCollection", features: this.features } });
    this.map.addSource("shapes", { type: "geojson", data: { type: "FeatureCollection", features: this.shapes } });
    for (const layer of shapeLayers()) this.map.addLayer(layer);
    const ink = dark.matches ? "#f4f2ec" : "#1b1d21", halo = dark.matches ? "#16181c" : "#ffffff";
    this.map.addLayer({
      id: "places", type: "symbol", source: "places",
      layout: {
        "icon-image": ["get", "look"], "icon-size": ["get", "size"], "icon-allow-overlap": true, "symbol-sort-key": ["get", "sort"],
        "text-field": ["get", "name"], "text-size": 12, "text-offset": [0, 1.1], "text-anchor": "top", "text-optional": true,
      },
      paint: { "text-color": ink, "text-halo-color": halo, "text-halo-width": 1.4 },
    });
    this.map.addLayer({
      id: "chosen", type: "circle", source: "places", filter: ["==", ["get", "key"], ""],
      paint: { "circle-radius": 17, "circle-color": "rgba(0,0,0,0)", "circle-stroke-width": 3, "circle-stroke-color": dark.matches ? "#7db8f2" : "#0b5cad" },
    });
    if (this.day !== undefined) this.show(this.day);
  }

  show(day) {
    this.day = day;
    if (!this.map?.getLayer("places")) return;
    const now = ["all", ["<=", ["get", "s"], day], [">=", ["get", "e"], day]];
    this.map.setFilter("places", now);
    for (const { id, filter } of shapeLayers()) this.map.setFilter(id, [...now, filter]);
    this.map.setFilter("chosen", ["all", ...now.slice(1), ["==", ["get", "key"], state.place ?? ""]]);
    // The older the last report, the paler: half after a year, and never gone.
    const age = ["min", 10000, ["max", 0, ["-", day, ["get", "r"]]]];
    const fade = ["interpolate", ["linear"], age, 30, 1, 365, 0.5, 1500, 0.3];
    this.map.setPaintProperty("places", "icon-opacity", fade);
  }

  // The labels in a script, where the gazetteer has them; without one as the reports write them.
  relabel(names) {
    this.names = names;
    if (this.places) this.update(this.places);
  }

  update(places) {
    this.places = places;
    this.features = segments(places, this.names);
    this.shapes = stretched(places, this.names);
    if (!this.map) return;
    this.paint();
    this.map.getSource("places")?.setData({ type: "FeatureCollection", features: this.features });
    this.map.getSource("shapes")?.setData({ type: "FeatureCollection", features: this.shapes });
  }

  restyle() {
    this.map.setStyle(style());
    this.map.once("styledata", async () => {
      await lay(this.library, this.map, this.basemap, dark.matches);
      this.fill();
    });
  }

  to(place) {
    if (place.latitude === null && place.shape && this.map) return this.map.fitBounds(boundsOf([{ geometry: place.shape }]), { padding: 120, maxZoom: 11, duration: calm() ? 0 : 600 });
    if (place.latitude !== null && this.map) this.map.easeTo({ center: [place.longitude, place.latitude], zoom: Math.max(this.map.getZoom(), 8), duration: calm() ? 0 : 600 });
  }
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function hasWebGl() {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") ?? canvas.getContext("webgl"));
}

// A wide area has no one point; it is listed in the panel and not drawn as a dot.
function segments(places, names = {}) {
  const features = [];
  for (const place of places) {
    if (place.latitude === null || place.shape || WIDE.has(place.precision)) continue;
    const name = names[place.key] ? names[place.key] : isAround(place) ? `near ${place.name}`.replace(/^near near /, "near ") : place.name;
    for (const period of place.periods)
      features.push({
        type: "Feature",
        geometry: { type: "Point", coordinates: [place.longitude, place.latitude] },
        properties: {
          key: place.key, name, look: look(period, place), s: period.date_start ? number(period.date_start) : -FOREVER, e: period.date_end ? number(period.date_end) : FOREVER,
          r: period.last_report ? number(period.last_report) : -FOREVER, size: period.status === "unknown" ? 0.7 : 1, sort: period.status === "unknown" ? 0 : 1,
        },
      });
  }
  return features;
}

// Roads as lines, and what lies around, beside or between places as areas: each stretch of days as one feature, like the places.
function stretched(places, names = {}) {
  return places.filter((place) => place.shape).flatMap((place) => place.periods.map((period) => ({
    type: "Feature", geometry: place.shape,
    properties: {
      key: place.key, name: names[place.key] ?? place.name, s: period.date_start ? number(period.date_start) : -FOREVER, e: period.date_end ? number(period.date_end) : FOREVER,
      colour: period.status === "unknown" ? "#8a8f98" : colourOf(period.holder), sure: period.status === "held" && period.standing === "assessed", unknown: period.status === "unknown",
    },
  })));
}

const CLICKED = ["places", "roads", "roads-claimed", "areas"];

// What is drawn without a point is drawn as uncertain: areas pale and dashed, roads straight and half seen.
function shapeLayers() {
  const line = ["==", ["geometry-type"], "LineString"], area = ["==", ["geometry-type"], "Polygon"], sure = ["get", "sure"];
  const stroke = { "line-color": ["get", "colour"], "line-width": 5, "line-opacity": 0.7 }, text = dark.matches ? ["#f4f2ec", "#16181c"] : ["#1b1d21", "#ffffff"];
  return [
    { id: "areas", type: "fill", source: "shapes", filter: area, paint: { "fill-color": ["get", "colour"], "fill-opacity": ["case", ["get", "unknown"], 0, 0.2] } },
    { id: "edges", type: "line", source: "shapes", filter: area, paint: { "line-color": ["get", "colour"], "line-width": 1.5, "line-dasharray": [2, 2], "line-opacity": ["case", ["get", "unknown"], 0.4, 1] } },
    { id: "roads", type: "line", source: "shapes", filter: ["all", line, sure], layout: { "line-cap": "round" }, paint: stroke },
    { id: "roads-claimed", type: "line", source: "shapes", filter: ["all", line, ["!", sure]], paint: { ...stroke, "line-dasharray": [1.5, 1] } },
    {
      id: "shape-names", type: "symbol", source: "shapes", filter: ["!=", ["get", "name"], ""],
      layout: { "text-field": ["get", "name"], "text-size": 12, "text-font": ["Noto Sans, DejaVu Sans, sans-serif"] }, paint: { "text-color": text[0], "text-halo-color": text[1], "text-halo-width": 1.4 },
    },
  ];
}

const corners = ({ type, coordinates }) => (type === "Point" ? [coordinates] : type === "LineString" ? coordinates : coordinates.flat());

function boundsOf(features) {
  if (!features.length) return [-20, -10, 80, 60];
  const all = features.flatMap((feature) => corners(feature.geometry));
  const xs = all.map(([x]) => x).sort((a, b) => a - b), ys = all.map(([, y]) => y).sort((a, b) => a - b);
  const at = (list, share) => list[Math.min(list.length - 1, Math.floor(share * list.length))];
  const box = [at(xs, 0.03), at(ys, 0.03), at(xs, 0.97), at(ys, 0.97)]; // one report from the far side of the world must not shrink the war
  return [box[0] - 0.1, box[1] - 0.1, box[2] + 0.1, box[3] + 0.1];
}

function style() {
  const [land, sea, border, soft, halo] = dark.matches ? ["#2b2d2f", "#14202a", "#6d6a60", "#a4aab4", "#2b2d2f"] : ["#f3efe4", "#d8e6ee", "#a39d8d", "#5b616b", "#f3efe4"];
  const font = { "text-font": ["Noto Sans, DejaVu Sans, sans-serif"] };
  return {
    version: 8,
    sources: { world: { type: "geojson", data: "/world.json" } },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": sea } },
      { id: "land", type: "fill", source: "world", filter: ["==", ["get", "type"], "land"], paint: { "fill-color": land } },
      { id: "borders", type: "line", source: "world", filter: ["==", ["get", "type"], "land"], paint: { "line-color": border, "line-width": 1 } },
      { id: "towns", type: "circle", source: "world", minzoom: 5, filter: ["==", ["get", "type"], "town"], paint: { "circle-radius": 2, "circle-color": soft } },
      {
        id: "names", type: "symbol", source: "world", minzoom: 5, filter: ["==", ["get", "type"], "town"],
        layout: { ...font, "text-field": ["get", "name"], "text-size": 11, "text-offset": [0, 0.5], "text-anchor": "top" },
        paint: { "text-color": soft, "text-halo-color": halo, "text-halo-width": 1.2 },
      },
      {
        id: "countries", type: "symbol", source: "world", maxzoom: 7, filter: ["==", ["get", "type"], "land"],
        layout: { ...font, "text-field": ["upcase", ["get", "name"]], "text-size": 11, "text-letter-spacing": 0.12 },
        paint: { "text-color": soft, "text-halo-color": halo, "text-halo-width": 1.2 },
      },
    ],
  };
}

// For who measures: the next frame in which the map shows all that it was told to.
globalThis.khabarDrawn = () => new Promise((done) => World.last.map.once("idle", () => requestAnimationFrame(done)));

export const periodOf = (place, on) => place.periods.find((p) => (!p.date_start || p.date_start <= on) && (!p.date_end || on <= p.date_end)) ?? place.periods[0];
