// Places and their periods → a map of one day: outlines and shapes by MapLibre, the places themselves on a canvas above it.

import { lay } from "./basemap.js";
import { Dots } from "./dots.js";
import { FOREVER, go, number } from "./state.js";
import { colourOf } from "./symbols.js";

const WIDE = new Set(["district", "province", "country", "region"]);
const dark = matchMedia("(prefers-color-scheme: dark)");

export class World {
  divisions = { type: "FeatureCollection", features: [] };

  constructor(element) {
    this.element = element;
  }

  async start(places) {
    const library = await import("/vendor/maplibre-gl.mjs").catch(() => null);
    if (!library) throw new Error("the map library is not installed: build Khabar again where npm or PyPI can be reached");
    if (!hasWebGl()) throw new Error("this browser draws no WebGL, which the map needs; the lists and the evidence work without it");
    library.setWorkerUrl("/vendor/maplibre-gl-worker.mjs");
    this.places = places;
    this.shapes = stretched(places);
    this.map = new library.Map({
      container: this.element, style: style(), attributionControl: false, preserveDrawingBuffer: true, dragRotate: false, pitchWithRotate: false,
      maxZoom: 14, bounds: boundsOf([...points(places), ...this.shapes]), fitBoundsOptions: { padding: 60, maxZoom: 10 }, cooperativeGestures: false,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.on("movestart", (event) => (this.moved ||= Boolean(event.originalEvent)));
    this.map.addControl(new library.NavigationControl({ showCompass: false }), "top-right");
    this.map.addControl(new library.ScaleControl(), "bottom-left");
    this.map.addControl(new library.AttributionControl({ compact: false, customAttribution: "Outlines: Natural Earth. Places: GeoNames, CC BY 4.0" }));
    this.dots = new Dots(this.map);
    this.dots.set(points(places).map(({ place }) => place), this.names, places.filter((place) => place.shape));
    this.map.on("click", ({ point }) => {
      const place = this.dots.at(point), [found] = place ? [] : this.map.queryRenderedFeatures(point, { layers: CLICKED.filter((id) => this.map.getLayer(id)) });
      if (place || found) go({ place: place?.key ?? found.properties.key, incident: null, actor: null });
    });
    dark.addEventListener("change", () => this.restyle());
    await new Promise((done) => this.map.on("load", done));
    this.library = library;
    await lay(library, this.map, this.basemap, dark.matches);
    this.fill();
  }

  fill() {
    this.map.addSource("divisions", { type: "geojson", data: this.divisions });
    for (const layer of divisionLayers()) this.map.addLayer(layer, "towns");
    this.map.addSource("shapes", { type: "geojson", data: { type: "FeatureCollection", features: this.shapes } });
    for (const layer of shapeLayers()) this.map.addLayer(layer);
    if (this.day !== undefined) this.show(this.day);
  }

  divide(divisions) {
    this.divisions = divisions;
    this.map?.getSource("divisions")?.setData(divisions);
  }

  show(day) {
    this.day = day;
    this.dots?.show(day);
    if (!this.shapes?.length || !this.map?.getLayer("areas")) return;
    const now = ["all", ["<=", ["get", "s"], day], [">=", ["get", "e"], day]];
    for (const { id, filter } of shapeLayers()) this.map.setFilter(id, [...now, filter]);
  }

  // The labels in a script, where the gazetteer has them; without one as the reports write them.
  relabel(names) {
    this.names = names;
    if (this.places) this.update(this.places);
  }

  update(places) {
    this.places = places;
    this.shapes = stretched(places);
    if (!this.map) return;
    this.dots.set(points(places).map(({ place }) => place), this.names, places.filter((place) => place.shape));
    this.dots.draw();
    this.map.getSource("shapes")?.setData({ type: "FeatureCollection", features: this.shapes });
  }

  restyle() {
    this.dots.draw();
    this.map.setStyle(style());
    this.map.once("styledata", async () => {
      await lay(this.library, this.map, this.basemap, dark.matches);
      this.fill();
    });
  }

  // All of it, where the reader has not chosen a part.
  fit() {
    this.map?.resize();
    this.fitted = Boolean(this.map && this.element.clientWidth); // not while a list stands in its place
    if (this.fitted && !this.moved) this.map.fitBounds(boundsOf([...points(this.places), ...this.shapes]), { padding: 60, maxZoom: 10, duration: 0 });
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
function points(places) {
  return places.filter((place) => place.latitude !== null && !place.shape && !WIDE.has(place.precision)).map((place) => ({ place, geometry: { type: "Point", coordinates: [place.longitude, place.latitude] } }));
}

// Roads as lines, and what lies around, beside or between places as areas: each stretch of days as one feature, like the places.
function stretched(places) {
  return places.filter((place) => place.shape).flatMap((place) => place.periods.map((period) => ({
    type: "Feature", geometry: place.shape,
    properties: {
      key: place.key, s: period.date_start ? number(period.date_start) : -FOREVER, e: period.next ? number(period.next) - 1 : FOREVER,
      colour: period.status === "unknown" ? "#8a8f98" : colourOf(period.holder), sure: period.status === "held" && period.standing === "assessed", unknown: period.status === "unknown",
    },
  })));
}

// First-level areas, for orientation: no state of theirs is drawn.
function divisionLayers() {
  const [ink, halo] = dark.matches ? ["#8b8f97", "#2b2d2f"] : ["#6f7480", "#f3efe4"];
  return [
    { id: "division-lines", type: "line", source: "divisions", filter: ["==", ["geometry-type"], "Polygon"], paint: { "line-color": ink, "line-width": 0.8, "line-dasharray": [4, 2], "line-opacity": 0.7 } },
    {
      id: "division-names", type: "symbol", source: "divisions", minzoom: 5, maxzoom: 10, filter: ["==", ["geometry-type"], "Point"],
      layout: { "text-font": ["Noto Sans, DejaVu Sans, sans-serif"], "text-field": ["upcase", ["get", "name"]], "text-size": 10, "text-letter-spacing": 0.18 },
      paint: { "text-color": ink, "text-halo-color": halo, "text-halo-width": 1.2 },
    },
  ];
}

const CLICKED = ["roads", "roads-claimed", "areas"];

// What is drawn without a point is drawn as uncertain: areas pale and dashed, roads straight and half seen.
function shapeLayers() {
  const line = ["==", ["geometry-type"], "LineString"], area = ["==", ["geometry-type"], "Polygon"], sure = ["get", "sure"];
  const stroke = { "line-color": ["get", "colour"], "line-width": 5, "line-opacity": 0.7 };
  return [
    { id: "areas", type: "fill", source: "shapes", filter: area, paint: { "fill-color": ["get", "colour"], "fill-opacity": ["case", ["get", "unknown"], 0, 0.2] } },
    { id: "edges", type: "line", source: "shapes", filter: area, paint: { "line-color": ["get", "colour"], "line-width": 1.5, "line-dasharray": [2, 2], "line-opacity": ["case", ["get", "unknown"], 0.4, 1] } },
    { id: "roads", type: "line", source: "shapes", filter: ["all", line, sure], layout: { "line-cap": "round" }, paint: stroke },
    { id: "roads-claimed", type: "line", source: "shapes", filter: ["all", line, ["!", sure]], paint: { ...stroke, "line-dasharray": [1.5, 1] } },
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
        id: "countries", type: "symbol", source: "world", maxzoom: 7, filter: ["==", ["get", "type"], "country"],
        layout: { ...font, "text-field": ["upcase", ["get", "name"]], "text-size": 11, "text-letter-spacing": 0.12 },
        paint: { "text-color": soft, "text-halo-color": halo, "text-halo-width": 1.2 },
      },
    ],
  };
}
