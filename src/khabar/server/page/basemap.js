// A user's own file → layers under the places: GeoJSON, or tiles in one PMTiles file, vector or raster.

export async function lay(library, map, kind, dark) {
  if (kind === "geojson") return under(map, { type: "geojson", data: "/basemap" }, [undefined], dark);
  if (kind !== "pmtiles") return;
  if (!globalThis.pmtiles) await script("/vendor/pmtiles.js");
  const file = new pmtiles.PMTiles(`${location.origin}/basemap`), header = await file.getHeader();
  const protocol = new pmtiles.Protocol();
  protocol.add(file);
  library.removeProtocol("pmtiles");
  library.addProtocol("pmtiles", protocol.tile);
  const source = { url: `pmtiles://${location.origin}/basemap`, attribution: String((await file.getMetadata())?.attribution ?? "").replace(/<[^>]*>/g, "") };
  if (header.tileType !== pmtiles.TileType.Mvt) {
    map.addSource("own", { type: "raster", tileSize: 256, ...source });
    return void map.addLayer({ id: "own", type: "raster", source: "own" }, "names");
  }
  const layers = (await file.getMetadata())?.vector_layers ?? [];
  under(map, { type: "vector", ...source }, layers.map((layer) => layer.id), dark);
}

function script(address) {
  return new Promise((done, failed) => {
    const made = Object.assign(document.createElement("script"), { src: address, onload: done, onerror: () => failed(new Error("this Khabar was built without its reader of PMTiles")) });
    document.head.append(made);
  });
}

// Quiet lines and areas: what they mean is their owner's matter.
function under(map, source, layers, dark) {
  const ink = dark ? "#7d8590" : "#8c8577", is = (type) => ["==", ["geometry-type"], type];
  map.addSource("own", source);
  for (const [i, layer] of layers.entries()) {
    const of = layer ? { source: "own", "source-layer": layer } : { source: "own" };
    map.addLayer({ id: `own-area-${i}`, type: "fill", ...of, filter: is("Polygon"), paint: { "fill-color": ink, "fill-opacity": 0.12, "fill-outline-color": ink } }, "towns");
    map.addLayer({ id: `own-line-${i}`, type: "line", ...of, filter: is("LineString"), paint: { "line-color": ink, "line-width": 1.4 } }, "towns");
    map.addLayer({ id: `own-point-${i}`, type: "circle", ...of, filter: is("Point"), paint: { "circle-color": ink, "circle-radius": 2 } }, "towns");
  }
}
