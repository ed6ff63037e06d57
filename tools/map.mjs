// Draws the land of the world as one small SVG, for the map of launch sites:
//
//     npm install --prefix tools && node tools/map.mjs
//
// The outline is Natural Earth's, which is in the public domain, at 1:110 million, as the npm
// package world-atlas has it. The projection is the one of calfeed/web/page/sites.py: plain
// latitude and longitude, north up.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { feature } from "topojson-client";

const OUT = new URL("../calfeed/web/templates/world.svg", import.meta.url);
const [WIDTH, TOP, BOTTOM] = [1440, 84, -58]; // units; degrees of latitude
const WEST = -169; // degrees: the edge lies in the Bering Strait, so that it cuts no land apart
const [ACROSS, DOWN] = [4, 4.6]; // units for each degree
const SMALLEST = 12; // square units; islands below are left out

const require = createRequire(import.meta.url);
const world = JSON.parse(readFileSync(require.resolve("world-atlas/land-110m.json"), "utf8"));

const x = (longitude) => Math.round((longitude - WEST) * ACROSS);
const y = (latitude) => Math.round((TOP - Math.max(latitude, BOTTOM)) * DOWN);

/** A ring whose longitudes go on beyond the date line instead of leaping to the other side. */
function unwrapped(ring) {
  let before = ring[0][0];
  return ring.map(([longitude, latitude]) => {
    before = longitude - 360 * Math.round((longitude - before) / 360);
    return [before, latitude];
  });
}

/** The ring wherever it is seen: on this map, and on its neighbours to the west and east. */
function seen(ring) {
  return [-360, 0, 360]
    .map((by) => ring.map(([longitude, latitude]) => [longitude + by, latitude]))
    .filter((copy) => copy.some(([longitude]) => x(longitude) > 0 && x(longitude) < WIDTH));
}

/** A ring's corners in whole units, without those that fall together. */
function corners(ring) {
  const points = ring.map(([longitude, latitude]) => [x(longitude), y(latitude)]);
  return points.filter(
    ([left, top], n) => n === 0 || left !== points[n - 1][0] || top !== points[n - 1][1],
  );
}

function area(points) {
  let twice = 0;
  points.forEach(([left, top], n) => {
    const [right, bottom] = points[(n + 1) % points.length];
    twice += left * bottom - right * top;
  });
  return Math.abs(twice) / 2;
}

/** A closed path in relative steps, which are shorter. */
function path(points) {
  let [left, top] = points[0];
  let drawn = `M${left} ${top}l`;
  for (const [right, bottom] of points.slice(1, -1)) {
    const [across, down] = [right - left, bottom - top];
    drawn += `${drawn.endsWith("l") || across < 0 ? "" : " "}${across}${down < 0 ? "" : " "}${down}`;
    [left, top] = [right, bottom];
  }
  return `${drawn}z`;
}

const land = feature(world, world.objects.land);
const shapes = land.features.flatMap(({ geometry }) =>
  geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates,
);
const rings = shapes
  .flat()
  .filter((ring) => ring.some(([, latitude]) => latitude > BOTTOM))
  .map(unwrapped)
  .flatMap(seen)
  .map(corners)
  .filter((points) => area(points) >= SMALLEST);

const height = Math.round((TOP - BOTTOM) * DOWN);
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" aria-hidden="true">
<!-- Land: Natural Earth 1:110m, public domain, by way of the npm package world-atlas 2.0.2; drawn by tools/map.mjs. -->
<path class="land" d="${rings.map(path).join("")}"/>
</svg>
`;
writeFileSync(OUT, svg);
console.log(`${rings.length} outlines, ${svg.length} bytes`);
