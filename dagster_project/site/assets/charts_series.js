/* Charts of series, of groups, and the small ones that fill tables; made of the parts of charts.js. */

(() => {
  "use strict";

  const { INK, QUIET, GRID, round, known, colour, short, text, line, svg, ticks, tickText, scale, mark, extent, empty, axes } = Charts;

  /* spine: {label, v, e, lo, q1, q3, hi, flip, j, width}
     One area among its kind: the line in the middle is England, better lies to the right where
     `flip` says which way that is; each side is stretched to its own end. */
  function spine(spec) {
    const [width, height] = [spec.width || 220, 24];
    const known5 = ["e", "lo", "hi"].every((name) => known(spec[name])) && spec.hi > spec.lo;
    if (!known5) return svg("spine", width, height, spec.label, text(4, 16, spec.empty || "not enough areas", ` fill="${QUIET}" font-size="12"`));
    const turned = (number) => (spec.flip ? -number : number);
    const [low, high] = [Math.min(turned(spec.lo), turned(spec.hi)), Math.max(turned(spec.lo), turned(spec.hi))];
    const middle = turned(spec.e);
    const reach = Math.max(middle - low, high - middle) || 1;
    const at = (number) => Math.min(width - 8, Math.max(8, width / 2 + ((turned(number) - middle) / reach) * (width / 2 - 8)));
    const span = (from, to, fill, name) => {
      const [a, b] = [Math.min(at(from), at(to)), Math.max(at(from), at(to))];
      return `<rect class="${name}" x="${round(a)}" y="6" width="${round(b - a)}" height="12" fill="${fill}"/>`;
    };
    const body = span(spec.lo, spec.hi, "#e8edee", "all")
      + (known(spec.q1) && known(spec.q3) ? span(spec.q1, spec.q3, "#c3ccd1", "half") : "")
      + line(width / 2, 1, width / 2, 23, INK, ' class="ref" stroke-width="2"')
      + (known(spec.v) ? mark(spec.j, at(spec.v), 12, 6) : "");
    return svg("spine", width, height, spec.label, body, "");
  }

  /* spark: {label, v: [numbers or null], b: [indexes where the series breaks], j, r: [England], width} */
  function spark(spec) {
    const [width, height] = [spec.width || 100, 24];
    const range = extent(spec.v);
    if (!range) return svg("spark", width, height, spec.label || "no values", "");
    const x = scale(0, Math.max(1, spec.v.length - 1), 4, width - 6);
    const y = range[0] === range[1] ? () => height / 2 : scale(range[0], range[1], height - 5, 5);
    const path = joined(spec.v, new Set(spec.b || []), (index) => x(index), y);
    const last = spec.v.reduce((found, number, index) => (known(number) ? index : found), -1);
    return svg("spark", width, height, spec.label, `<path d="${path}" stroke="${QUIET}" stroke-width="1.5" fill="none"/>${mark(spec.j, x(last), y(spec.v[last]), 4)}`, "");
  }

  /* A line that is lifted over what is missing and at breaks. */
  function joined(numbers, breaks, x, y) {
    let [path, down] = ["", false];
    numbers.forEach((number, index) => {
      if (!known(number)) {
        down = false;
        return;
      }
      const joins = down && !breaks.has(index);
      path += `${joins ? "L" : "M"}${round(x(index))} ${round(y(number))}${joins ? "" : "h.01"}`;
      down = true;
    });
    return path;
  }

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

  Object.assign(Charts, { spine, spark, trend, gap });
})();
