/* Charts of places: which lie beyond chance (a funnel), and where they are (a map). */

(() => {
  "use strict";

  const { INK, QUIET, GRID, esc, round, known, colour, text, line, svg, ticks, tickText, scale, mark, extent, empty } = Charts;

  /* funnel: {label, unit, of, points: [{n, x, v, j, m}], ref: {n, v, t}, kind, multiplier, width}
     The curves hold 95% and 99.8% of areas that differ from the line by chance alone: Wilson's
     limits turned round for a proportion, Byar's limits of the expected count for a rate. They are
     a backdrop: what each area is called comes from the release. */
  function funnel(spec) {
    const width = spec.width || 720;
    const [left, right, top, bottom] = [56, 20, 34, 330];
    const points = spec.points.filter((point) => known(point.v) && known(point.x) && point.x > 0);
    if (!points.length || !spec.ref || !known(spec.ref.v)) return empty("funnel", spec, width);
    const sizes = extent(points.map((point) => point.x));
    const [from, to] = [sizes[0] * 0.9, sizes[1] * 1.05];
    const along = Array.from({ length: 60 }, (_, index) => from * (to / from) ** (index / 59));
    const curves = [1.959964, 3.090232].map((z) => along.map((size) => funnelLimits(spec, size, z)));
    const seen = extent(points.map((point) => point.v));
    const reach = extent(curves[1].flat());
    const room = (seen[1] - seen[0]) * 0.6;
    const axis = ticks(Math.max(reach[0], seen[0] - room), Math.min(reach[1], seen[1] + room) > spec.ref.v ? Math.max(seen[1], Math.min(reach[1], seen[1] + room)) : reach[1], 6);
    const y = scale(axis.lo, axis.hi, bottom, top);
    const place = scale(Math.log(from), Math.log(to), left, width - right);
    const x = (size) => place(Math.log(size));
    const inside = (number) => Math.min(bottom, Math.max(top, y(number)));
    const curve = (which, side) => along.map((size, index) => `${index ? "L" : "M"}${round(x(size))} ${round(inside(curves[which][index][side]))}`).join("");
    const parts = [
      `<path class="grid" d="${axis.marks.map((number) => `M${left} ${round(y(number))}H${width - right}`).join("")}" stroke="${GRID}" fill="none"/>`,
      `<g fill="${QUIET}" font-size="12">${axis.marks.map((number) => text(left - 6, y(number) + 4, tickText(number, axis.places), ' text-anchor="end"')).join("")}${text(4, 16, spec.unit || "")}`,
      [1, 2, 5].flatMap((digit) => [0, 1, 2, 3, 4, 5, 6, 7, 8].map((power) => digit * 10 ** power)).filter((size) => size >= from && size <= to && (to / from < 60 || /^1/.test(size)))
        .map((size) => text(x(size), bottom + 18, tickText(size, 0), ' text-anchor="middle"')).join(""),
      `${text(width - right, bottom + 38, spec.of || "People or events counted out of, on a logarithmic scale", ' text-anchor="end"')}</g>`,
      line(left, y(spec.ref.v), width - right, y(spec.ref.v), INK, ' class="ref" stroke-width="2"'),
      `<path class="limits95" d="${curve(0, 0)}${curve(0, 1)}" stroke="${QUIET}" stroke-dasharray="5 4" fill="none"/>`,
      `<path class="limits998" d="${curve(1, 0)}${curve(1, 1)}" stroke="${QUIET}" fill="none"/>`,
      ...points.filter((point) => !point.m).map((point) => mark(point.j, x(point.x), y(point.v), 4, ' fill-opacity=".75"')),
      ...points.filter((point) => point.m).map((point) => mark(point.j, x(point.x), y(point.v), 8, ' stroke-width="2.5"')
        + text(Math.min(width - 90, Math.max(left + 60, x(point.x))), Math.max(top + 4, y(point.v) - 14), point.n, ' text-anchor="middle" font-weight="700"')),
      text(left + 4, y(spec.ref.v) - 6, `${spec.ref.n} ${spec.ref.t || ""}`, ' font-weight="700" font-size="12"'),
    ];
    return svg("funnel", width, bottom + 48, spec.label, parts.join(""));
  }

  function funnelLimits(spec, size, z) {
    const share = spec.ref.v / spec.multiplier;
    if (spec.kind === "proportion") {
      const wide = z * Math.sqrt(share * (1 - share) / size);
      return [Math.max(0, share - wide) * spec.multiplier, Math.min(1, share + wide) * spec.multiplier];
    }
    const count = share * size;
    const lower = count > 0 ? count * (1 - 1 / (9 * count) - z / (3 * Math.sqrt(count))) ** 3 : 0;
    const upper = (count + 1) * (1 - 1 / (9 * (count + 1)) + z / (3 * Math.sqrt(count + 1))) ** 3;
    return [Math.max(0, lower) * spec.multiplier / size, upper * spec.multiplier / size];
  }

  /* map: {label, shapes: [{c, n, d, j, t, m}], box: [x, y, width, height], inset: {box, codes, n}, tiles: [{c, n, x, y, k, j, t, m}], note, width}
     Shapes are outlines in the units of the box; tiles are squares of a grid, one an area. */
  function map(spec) {
    const width = spec.width || 480;
    if (spec.tiles) return tileMap(spec, width);
    const [bx, by, bw, bh] = spec.box;
    const high = width * bh / bw;
    const drawn = (shapes, per) => shapes.filter((shape) => !shape.m).concat(shapes.filter((shape) => shape.m))
      .map((shape) => region(shape, per)).join("");
    let body = `<svg x="0" y="0" width="${round(width)}" height="${round(high)}" viewBox="${bx} ${by} ${bw} ${bh}">${drawn(spec.shapes, bw / width)}</svg>`;
    if (spec.inset) {
      const [ix, iy, iw, ih] = spec.inset.box;
      const side = width * 0.32;
      const tall = side * ih / iw;
      const [x0, y0] = [6, high * 0.42];
      const wanted = new Set(spec.inset.codes);
      body += `<rect x="${x0}" y="${round(y0)}" width="${round(side)}" height="${round(tall + 18)}" fill="#fff" stroke="${QUIET}"/>${text(x0 + 6, y0 + 14, spec.inset.n || "London", ' font-size="12"')}`
        + `<svg x="${x0}" y="${round(y0 + 18)}" width="${round(side)}" height="${round(tall)}" viewBox="${ix} ${iy} ${iw} ${ih}">${drawn(spec.shapes.filter((shape) => wanted.has(shape.c)), iw / side)}</svg>`;
    }
    return svg("map", width, high + 20, spec.label, body + text(4, high + 14, spec.note || "", ` font-size="10" fill="${QUIET}"`));
  }

  const region = (shape, per) =>
    `<path class="j-${esc(shape.j)}" data-area="${esc(shape.c)}" d="${esc(shape.d)}" fill="${shape.j ? colour(shape.j) : "#fff"}" stroke="${INK}" stroke-width="${(per * (shape.m ? 3 : 0.5)).toFixed(2)}" fill-rule="evenodd"><title>${esc(shape.n)}: ${esc(shape.t)}</title></path>`;

  /* The shape that says a judgement again, on the colour that says it. */
  const shapeOnly = (judgement, x, y, r, ink) => mark(judgement, x, y, r).replace(/class="[^"]*" fill="[^"]*" stroke="[^"]*"/, `fill="${ink}"`);

  function tileMap(spec, width) {
    const across = extent(spec.tiles.map((tile) => tile.x));
    const down = extent(spec.tiles.map((tile) => tile.y));
    if (!across) return empty("map", spec, width);
    const side = width / (across[1] - across[0] + 1);
    const tiles = spec.tiles.filter((tile) => !tile.m).concat(spec.tiles.filter((tile) => tile.m)).map((tile) => {
      const [x, y] = [(tile.x - across[0]) * side, (tile.y - down[0]) * side];
      const dark = ["better", "worse", "higher", "mixed"].includes(tile.j);
      return `<g data-area="${esc(tile.c)}"><title>${esc(tile.n)}: ${esc(tile.t)}</title><rect class="j-${esc(tile.j)}" x="${round(x + 1)}" y="${round(y + 1)}" width="${round(side - 2)}" height="${round(side - 2)}" fill="${tile.j ? colour(tile.j) : "#fff"}" stroke="${INK}" stroke-width="${tile.m ? 4.5 : 0.6}"/>`
        + `${text(x + side / 2, y + side * 0.44, tile.k, ` text-anchor="middle" font-size="${round(side * 0.34)}" fill="${dark ? "#fff" : INK}"`)}`
        + `${tile.j && tile.j !== "not_compared" ? `${shapeOnly(tile.j, x + side / 2, y + side * 0.74, round(side * 0.14), dark ? "#fff" : INK)}` : ""}</g>`;
    });
    const high = (down[1] - down[0] + 1) * side;
    return svg("map", width, high + 20, spec.label, tiles.join("") + text(4, high + 14, spec.note || "", ` font-size="10" fill="${QUIET}"`));
  }

  Object.assign(Charts, { funnel, map });
})();
