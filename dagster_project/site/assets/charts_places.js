/* Charts of places: which lie beyond chance (a funnel), and where they are (a map). */

(() => {
  "use strict";

  const {
    INK,
    QUIET,
    BOLD,
    SMALL,
    PALE,
    anchor,
    stroke,
    dashes,
    named,
    esc,
    round,
    known,
    colour,
    text,
    path,
    line,
    rect,
    svg,
    empty,
    ticks,
    tickText,
    scale,
    mark,
    extent,
    upwards,
  } = Charts;

  /* funnel: {label, unit, of, points: [{n, x, v, j, m}], ref: {n, v, t}, kind, multiplier, width}
     The curves hold 95% and 99.8% of areas that differ from the line by chance alone: Wilson's
     limits turned round for a proportion, Byar's limits of the expected count for a rate. They are
     a backdrop: what each area is called comes from the release. */
  function funnel(spec) {
    const width = spec.width || 720;
    const [left, right, top, bottom] = [56, width - 20, 34, 330];
    const points = spec.points.filter((point) => known(point.v) && known(point.x) && point.x > 0);
    if (!points.length || !known(spec.ref?.v)) return empty("funnel", spec, width);
    const sizes = extent(points.map((point) => point.x));
    const [from, to] = [sizes[0] * 0.9, sizes[1] * 1.05];
    const along = Array.from({ length: 60 }, (_, index) => from * (to / from) ** (index / 59));
    const curves = [1.959964, 3.090232].map((z) => along.map((size) => funnelLimits(spec, size, z)));
    const seen = extent(points.map((point) => point.v));
    const reach = extent(curves[1].flat());
    const room = (seen[1] - seen[0]) * 0.6;
    const high = Math.min(reach[1], seen[1] + room);
    const axis = ticks(
      Math.max(reach[0], seen[0] - room),
      high > spec.ref.v ? Math.max(seen[1], high) : reach[1],
      6,
    );
    const y = scale(axis.lo, axis.hi, bottom, top);
    const place = scale(Math.log(from), Math.log(to), left, right);
    const x = (size) => place(Math.log(size));
    const inside = (number) => Math.min(bottom, Math.max(top, y(number)));
    const curve = (limits, name, more) =>
      path(
        [0, 1]
          .map((side) =>
            along
              .map(
                (size, index) =>
                  `${index ? "L" : "M"}${round(x(size))} ${round(inside(limits[index][side]))}`,
              )
              .join(""),
          )
          .join(""),
        named(name) + stroke(QUIET) + more,
      );
    const counts = [1, 2, 5]
      .flatMap((digit) => Array.from({ length: 9 }, (_, power) => digit * 10 ** power))
      .filter((size) => size >= from && size <= to && (to / from < 60 || /^1/.test(size)));
    const drawn = (point, r, more) => mark(point.j, x(point.x), y(point.v), r, more);
    return svg(
      "funnel",
      width,
      bottom + 48,
      spec.label,
      [
        upwards(axis, y, left, right, spec.unit),
        `<g${PALE}${SMALL}>${counts.map((size) => text(x(size), bottom + 18, tickText(size, 0), anchor("middle"))).join("")}`,
        `${text(right, bottom + 38, spec.of || "People or events counted out of, on a logarithmic scale", anchor("end"))}</g>`,
        line(left, y(spec.ref.v), right, y(spec.ref.v), named("ref") + stroke(INK, 2)),
        curve(curves[0], "limits95", dashes("5 4")),
        curve(curves[1], "limits998", ""),
        ...points.filter((point) => !point.m).map((point) => drawn(point, 4, ' fill-opacity=".75"')),
        ...points
          .filter((point) => point.m)
          .map(
            (point) =>
              drawn(point, 8, ' stroke-width="2.5"') +
              text(
                Math.min(width - 90, Math.max(left + 60, x(point.x))),
                Math.max(top + 4, y(point.v) - 14),
                point.n,
                anchor("middle") + BOLD,
              ),
          ),
        text(left + 4, y(spec.ref.v) - 6, `${spec.ref.n} ${spec.ref.t || ""}`, BOLD + SMALL),
      ].join(""),
    );
  }

  function funnelLimits(spec, size, z) {
    const share = spec.ref.v / spec.multiplier;
    if (spec.kind === "proportion") {
      const wide = z * Math.sqrt((share * (1 - share)) / size);
      return [Math.max(0, share - wide) * spec.multiplier, Math.min(1, share + wide) * spec.multiplier];
    }
    const count = share * size;
    const byar = (events, side) =>
      (events * (1 - 1 / (9 * events) + (side * z) / (3 * Math.sqrt(events))) ** 3 * spec.multiplier) / size;
    return [count > 0 ? Math.max(0, byar(count, -1)) : 0, byar(count + 1, 1)];
  }

  /* map: {label, shapes: [{c, n, d, j, t, m}], box: [x, y, width, height], inset: {box, codes, n}, tiles: [{c, n, x, y, k, j, t, m}], note, width}
     Shapes are outlines in the units of the box; tiles are squares of a grid, one an area. */
  function map(spec) {
    const width = spec.width || 480;
    const [body, high] = spec.tiles ? tiles(spec.tiles, width) : outlines(spec, width);
    if (!body) return empty("map", spec, width);
    return svg(
      "map",
      width,
      high + 20,
      spec.label,
      body + text(4, high + 14, spec.note || "", ` font-size="10"${PALE}`),
    );
  }

  /* What is marked is drawn last, over its neighbours. */
  const ordered = (places) => [...places].sort((a, b) => Boolean(a.m) - Boolean(b.m));
  const fill = ({ j }) => (j ? colour(j) : "#fff");
  const title = (place) => `<title>${esc(place.n)}: ${esc(place.t)}</title>`;

  /* A part of the map's own space, and how high it is at a width. */
  function window(shapes, [x, y, wide, tall], left, top, width) {
    const high = (width * tall) / wide;
    const region = (shape) =>
      `<path class="j-${esc(shape.j)}" data-area="${esc(shape.c)}" d="${esc(shape.d)}" fill="${fill(shape)}"${stroke(INK, ((wide / width) * (shape.m ? 3 : 0.5)).toFixed(2))} fill-rule="evenodd">${title(shape)}</path>`;
    return [
      `<svg x="${left}" y="${round(top)}" width="${round(width)}" height="${round(high)}" viewBox="${x} ${y} ${wide} ${tall}">${ordered(shapes).map(region).join("")}</svg>`,
      high,
    ];
  }

  function outlines({ shapes, box, inset }, width) {
    const [whole, high] = window(shapes, box, 0, 0, width);
    if (!inset) return [whole, high];
    const [top, side] = [high * 0.42, width * 0.32];
    const wanted = new Set(inset.codes);
    const [part, tall] = window(
      shapes.filter((shape) => wanted.has(shape.c)),
      inset.box,
      6,
      top + 18,
      side,
    );
    return [
      `${whole}${rect("inset", 6, top, side, tall + 18, "#fff", stroke(QUIET))}${text(12, top + 14, inset.n || "London", SMALL)}${part}`,
      high,
    ];
  }

  /* The shape that says a judgement again, on the colour that says it. */
  const shapeOnly = (judgement, x, y, r, ink) =>
    mark(judgement, x, y, r).replace(/class="[^"]*" fill="[^"]*" stroke="[^"]*"/, `fill="${ink}"`);

  function tiles(squares, width) {
    const across = extent(squares.map((tile) => tile.x));
    const down = extent(squares.map((tile) => tile.y));
    if (!across) return ["", 0];
    const side = width / (across[1] - across[0] + 1);
    const drawn = ordered(squares).map((tile) => {
      const [x, y] = [(tile.x - across[0]) * side, (tile.y - down[0]) * side];
      const ink = ["better", "worse", "higher", "mixed"].includes(tile.j) ? "#fff" : INK;
      return (
        `<g data-area="${esc(tile.c)}">${title(tile)}${rect(`j-${esc(tile.j)}`, x + 1, y + 1, side - 2, side - 2, fill(tile), stroke(INK, tile.m ? 4.5 : 0.6))}` +
        text(
          x + side / 2,
          y + side * 0.44,
          tile.k,
          `${anchor("middle")} font-size="${round(side * 0.34)}" fill="${ink}"`,
        ) +
        `${tile.j && tile.j !== "not_compared" ? shapeOnly(tile.j, x + side / 2, y + side * 0.74, round(side * 0.14), ink) : ""}</g>`
      );
    });
    return [drawn.join(""), (down[1] - down[0] + 1) * side];
  }

  Object.assign(Charts, { funnel, map });
})();
