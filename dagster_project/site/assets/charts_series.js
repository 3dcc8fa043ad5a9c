/* The charts of series, funnels, maps and groups, beside those of charts.js and made of its parts. */

(() => {
  "use strict";

  const { INK, QUIET, GRID, esc, round, known, colour, short, text, line, svg, ticks, tickText, scale, mark, extent, empty, axes, joined } = Charts;

  /* trend: {label, unit, points: [{p, v, l, u, t, j, b, s, w}], ref: {n, v: [number or null]}, zero, width}
     p the period, b a break before it, s its status (held is drawn hollow and square), w words to
     mark it by (provisional, revised). The line is lifted at breaks and over what is missing. */
  function trend(spec) {
    const width = spec.width || 720;
    const narrow = width < 520;
    const [left, right, top, bottom] = [56, 16, 34, 270];
    const points = spec.points;
    const others = spec.ref ? spec.ref.v : [];
    const range = extent(points.flatMap((point) => (known(point.v) ? [point.v, point.l, point.u] : [])).concat(others, spec.zero ? [0] : []));
    if (!range) return empty("trend", spec, width);
    const axis = ticks(range[0], range[1], 5);
    const y = scale(axis.lo, axis.hi, bottom, top);
    const x = scale(0, Math.max(1, points.length - 1), left + 20, width - right - 20);
    const parts = [
      `<path class="grid" d="${axis.marks.map((number) => `M${left} ${round(y(number))}H${width - right}`).join("")}" stroke="${GRID}" fill="none"/>`,
      `<g fill="${QUIET}" font-size="12">${axis.marks.map((number) => text(left - 6, y(number) + 4, tickText(number, axis.places), ' text-anchor="end"')).join("")}${text(4, 16, spec.unit || "")}</g>`,
    ];
    if (spec.zero) parts.push(line(left, y(0), width - right, y(0), INK, ' class="ref" stroke-width="1.5"'));
    const breaks = new Set(points.flatMap((point, index) => (point.b ? [index] : [])));
    breaks.forEach((index) => {
      const at = index ? (x(index - 1) + x(index)) / 2 : x(0) - 14;
      parts.push(line(at, top - 8, at, bottom, QUIET, ' class="break" stroke-width="1.5" stroke-dasharray="2 4"'));
      parts.push(text(at, top - 12, "break in series", ` text-anchor="${at > width / 2 ? "end" : "start"}" font-size="12" fill="${QUIET}"`));
    });
    parts.push(periods(points, x, bottom, narrow ? 4 : 9));
    if (others.length) {
      parts.push(`<path class="ref" d="${joined(others, breaks, x, y)}" stroke="${INK}" stroke-width="1.5" stroke-dasharray="6 4" fill="none"/>`);
    }
    const limits = points.map((point, index) => {
      if (!known(point.v) || !known(point.l) || !known(point.u)) return "";
      const at = round(x(index));
      return `M${at} ${round(y(point.l))}V${round(y(point.u))}M${at - 4} ${round(y(point.l))}h8M${at - 4} ${round(y(point.u))}h8`;
    }).join("");
    parts.push(`<path class="limits" d="${limits}" stroke="${QUIET}" fill="none"/>`);
    parts.push(`<path class="line" d="${joined(points.map((point) => point.v), breaks, x, y)}" stroke="#005eb8" stroke-width="2" fill="none"/>`);
    points.forEach((point, index) => parts.push(seriesPoint(point, x(index), y, top, width)));
    parts.push(seriesKey(spec, points, left, bottom + 46, width));
    return svg("trend", width, bottom + 62, spec.label, parts.join(""));
  }

  function periods(points, x, bottom, most) {
    const every = Math.ceil(points.length / most);
    const last = points.length - 1;
    const labels = points.map((point, index) => ((last - index) % every ? "" : text(x(index), bottom + 18, short(point.p, 16))));
    return `<g font-size="12" fill="${QUIET}" text-anchor="middle">${labels.join("")}</g>`;
  }

  function seriesPoint(point, at, y, top, width) {
    if (!known(point.v)) return "";
    const high = y(point.v);
    const hollow = point.s === "held" || point.w;
    const shape = point.s === "held"
      ? `<rect class="held" x="${round(at - 6)}" y="${round(high - 6)}" width="12" height="12" fill="#fff" stroke="${INK}" stroke-width="2"/>`
      : hollow ? `<circle class="provisional" cx="${round(at)}" cy="${round(high)}" r="5.5" fill="#fff" stroke="${colour(point.j)}" stroke-width="3"/>`
        : mark(point.j, at, high, 5.5);
    const words = point.s === "held" ? "held" : point.w;
    return shape + (words ? text(Math.min(at, width - 34), Math.max(top, high - 12), words, ' text-anchor="middle" font-size="12" font-weight="700"') : "");
  }

  function seriesKey(spec, points, left, y, width) {
    const entries = [[line(0, -4, 24, -4, "#005eb8", ' stroke-width="2"'), spec.name || "This area"]];
    if (spec.ref) entries.push([line(0, -4, 24, -4, INK, ' stroke-width="1.5" stroke-dasharray="6 4"'), spec.ref.n]);
    if (points.some((point) => known(point.v) && known(point.l))) entries.push([`<path d="M12 -10v12M8 -10h8M8 2h8" stroke="${QUIET}"/>`, "95% limits"]);
    let at = left;
    const drawn = entries.map(([shape, words]) => {
      const said = short(words, width < 520 ? 16 : 35);
      const entry = `<g transform="translate(${round(at)} ${y})">${shape}${text(30, 0, said)}</g>`;
      at += 46 + said.length * 6.6;
      return entry;
    });
    return `<g font-size="12">${drawn.join("")}</g>`;
  }

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
      return `<g data-area="${esc(tile.c)}"><title>${esc(tile.n)}: ${esc(tile.t)}</title><rect class="j-${esc(tile.j)}" x="${round(x + 1)}" y="${round(y + 1)}" width="${round(side - 2)}" height="${round(side - 2)}" fill="${tile.j ? colour(tile.j) : "#fff"}" stroke="${INK}" stroke-width="${tile.m ? 3 : 0.6}"/>`
        + `${text(x + side / 2, y + side * 0.44, tile.k, ` text-anchor="middle" font-size="${round(side * 0.34)}" fill="${dark ? "#fff" : INK}"`)}`
        + `${tile.j && tile.j !== "not_compared" ? `${shapeOnly(tile.j, x + side / 2, y + side * 0.74, round(side * 0.14), dark ? "#fff" : INK)}` : ""}</g>`;
    });
    const high = (down[1] - down[0] + 1) * side;
    return svg("map", width, high + 20, spec.label, tiles.join("") + text(4, high + 14, spec.note || "", ` font-size="10" fill="${QUIET}"`));
  }

  /* gap: {label, unit, rows: [{n, v, l, u, t, m, note}], ref: {n, v, t}, width}
     The groups of a cut as dots with limits, joined from the lowest to the highest. */
  function gap(spec) {
    const width = spec.width || 720;
    const narrow = width < 520;
    const [left, right, step, top] = [narrow ? 112 : 240, narrow ? 60 : 100, 26, 46];
    const ref = spec.ref && known(spec.ref.v) ? spec.ref : null;
    const shown = spec.rows.filter((row) => known(row.v));
    const range = extent(shown.flatMap((row) => [row.v, row.l, row.u]).concat(ref ? [ref.v] : []));
    if (!shown.length) return empty("gap", spec, width);
    const axis = ticks(range[0], range[1], narrow ? 3 : 6);
    const x = scale(axis.lo, axis.hi, left, width - right);
    const bottom = top + spec.rows.length * step + 4;
    const parts = axes(axis, x, top, bottom, spec.unit, width - right);
    const ends = extent(shown.map((row) => row.v));
    parts.push(`<rect class="gap" x="${round(x(ends[0]))}" y="${top}" width="${round(x(ends[1]) - x(ends[0]))}" height="${spec.rows.length * step}" fill="#e8edee"/>`);
    if (ref) parts.push(line(x(ref.v), top - 8, x(ref.v), bottom, INK, ' class="ref" stroke-width="2" stroke-dasharray="5 3"'), text(x(ref.v), top - 32, `${ref.n} ${ref.t || ""}`, ' text-anchor="middle" font-weight="700"'));
    spec.rows.forEach((row, index) => {
      const y = top + index * step + step / 2;
      parts.push(text(left - 8, y + 4.5, short(row.n, narrow ? 15 : 38), ' text-anchor="end"'));
      if (!known(row.v)) {
        parts.push(text(left + 4, y + 4.5, row.note || "no value", ` fill="${QUIET}" font-style="italic"`));
        return;
      }
      if (known(row.l) && known(row.u)) parts.push(line(x(row.l), y, x(row.u), y, INK, ' class="limits" stroke-width="1.5"'));
      parts.push(`<circle class="group" cx="${round(x(row.v))}" cy="${y}" r="6" fill="#005eb8" stroke="${INK}"/>`, text(width - right + 12, y + 4.5, row.t));
    });
    return svg("gap", width, bottom + 8, spec.label, parts.join(""));
  }

  Object.assign(Charts, { trend, funnel, map, gap, funnelLimits });

  const KINDS = ["bars", "spine", "trend", "spark", "funnel", "map", "gap"];
  Charts.draw = (kind, spec) => {
    if (!KINDS.includes(kind)) throw new Error(`there is no chart of kind ${kind}: ${KINDS.join(", ")}`);
    return Charts[kind](spec);
  };
  Charts.drawAll = (wanted) => wanted.map(([kind, spec]) => Charts.draw(kind, spec));
})();
