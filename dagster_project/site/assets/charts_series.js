/* Charts of series, of groups, and the small ones that fill tables; made of the parts of charts.js. */

(() => {
  "use strict";

  const {
    INK,
    QUIET,
    BLUE,
    BOLD,
    SMALL,
    PALE,
    anchor,
    stroke,
    dashes,
    named,
    round,
    known,
    colour,
    short,
    text,
    path,
    line,
    rect,
    svg,
    empty,
    ticks,
    scale,
    mark,
    extent,
    reach,
    isLimited,
    upwards,
    rowsOf,
  } = Charts;

  /* spine: {label, v, e, lo, q1, q3, hi, flip, j, width}
     One area among its kind: the line in the middle is England, better lies to the right where
     `flip` says which way that is; each side is stretched to its own end. */
  function spine(spec) {
    const [width, height] = [spec.width || 220, 24];
    const { v, e, lo, q1, q3, hi, label } = spec;
    if (![e, lo, hi].every(known) || hi <= lo)
      return svg("spine", width, height, label, text(4, 16, spec.empty || "not enough areas", PALE + SMALL));
    const turned = (number) => (spec.flip ? -number : number);
    const middle = turned(e);
    const farthest = Math.max(...[lo, hi].map((end) => Math.abs(turned(end) - middle))) || 1;
    const at = (number) =>
      Math.min(width - 8, Math.max(8, width / 2 + ((turned(number) - middle) / farthest) * (width / 2 - 8)));
    const span = (from, to, fill, name) =>
      rect(name, Math.min(at(from), at(to)), 6, Math.abs(at(to) - at(from)), 12, fill);
    const body =
      span(lo, hi, "#e1e7ea", "all") +
      (known(q1) && known(q3) ? span(q1, q3, "#b9c4ca", "half") : "") +
      line(width / 2, 1, width / 2, 23, named("ref") + stroke(INK, 2)) +
      (known(v) ? mark(spec.j, at(v), 12, 6) : "");
    return svg("spine", width, height, label, body, "");
  }

  /* spark: {label, v: [numbers or null], b: [indexes where the series breaks], j, width} */
  function spark({ label, v, b, j, width = 100 }) {
    const height = 24;
    const range = extent(v);
    if (!range) return svg("spark", width, height, label || "no values", "");
    const x = scale(0, Math.max(1, v.length - 1), 4, width - 6);
    const y = range[0] === range[1] ? () => height / 2 : scale(range[0], range[1], height - 5, 5);
    const last = v.findLastIndex(known);
    return svg(
      "spark",
      width,
      height,
      label,
      path(joined(v, new Set(b), x, y), stroke(QUIET, 1.5)) + mark(j, x(last), y(v[last]), 4),
      "",
    );
  }

  /* A line that is lifted over what is missing and at breaks. */
  const joined = (numbers, breaks, x, y) =>
    numbers
      .map((number, index) => {
        if (!known(number)) return "";
        const joins = isJoined(numbers, breaks, index);
        return `${joins ? "L" : "M"}${round(x(index))} ${round(y(number))}${joins ? "" : "h.01"}`;
      })
      .join("");
  const isJoined = (numbers, breaks, index) =>
    known(numbers[index]) && known(numbers[index - 1]) && !breaks.has(index);
  const isLine = (numbers, breaks) => numbers.some((_, index) => isJoined(numbers, breaks, index));
  /* Where a series has a value that no line reaches. */
  const alone = (numbers, breaks) =>
    [...numbers.keys()].filter(
      (index) =>
        known(numbers[index]) &&
        !isJoined(numbers, breaks, index) &&
        !isJoined(numbers, breaks, index + 1),
    );

  /* trend: {label, unit, points: [{p, v, l, u, t, j, b, s, w}], ref: {n, v: [number or null]}, zero, width}
     p the period, b a break before it, s its status (held is drawn hollow and square), w words to
     mark it by (provisional, revised). The line is lifted at breaks and over what is missing; what
     it leaves of `ref` alone is a dash. The key shows what is drawn: a line, or a mark for it. */
  function trend(spec) {
    const width = spec.width || 720;
    const [left, right, top, bottom] = [56, width - 16, 34, 270];
    const { points, ref } = spec;
    const others = ref?.v || [];
    const values = points.map((point) => point.v);
    const range = extent([...reach(points), ...others, spec.zero ? 0 : null]);
    if (!range) return empty("trend", spec, width);
    const axis = ticks(range[0], range[1], 5);
    const y = scale(axis.lo, axis.hi, bottom, top);
    const x = scale(0, Math.max(1, points.length - 1), left + 20, right - 20);
    const breaks = new Set(points.flatMap((point, index) => (point.b ? [index] : [])));
    const limits = points.map((point, index) => {
      if (!isLimited(point)) return "";
      const [at, low, high] = [round(x(index)), round(y(point.l)), round(y(point.u))];
      return `M${at} ${low}V${high}M${at - 4} ${low}h8M${at - 4} ${high}h8`;
    });
    return svg(
      "trend",
      width,
      bottom + 62,
      spec.label,
      [
        upwards(axis, y, left, right, spec.unit),
        spec.zero ? line(left, y(0), right, y(0), named("ref") + stroke(INK, 1.5)) : "",
        ...[...breaks].map((index) =>
          seriesBreak(index ? (x(index - 1) + x(index)) / 2 : x(0) - 14, top, bottom, width),
        ),
        periods(points, x, bottom, width),
        others.length ? path(joined(others, breaks, x, y), named("ref") + OTHER) : "",
        path(limits.join(""), named("limits") + stroke(QUIET)),
        path(joined(values, breaks, x, y), named("line") + stroke(BLUE, 2)),
        ...alone(others, breaks).map((index) => dash(x(index), y(others[index]))),
        ...points.map((point, index) => seriesPoint(point, x(index), y, top, width)),
        seriesKey(spec, [isLine(values, breaks), isLine(others, breaks)], left, bottom + 46, width),
      ].join(""),
    );
  }
  const OTHER = stroke(INK, 1.5) + dashes("6 4");
  const dash = (x, y) => line(x - 12, y, x + 12, y, named("ref") + stroke(INK, 2.5));

  const seriesBreak = (at, top, bottom, width) =>
    line(at, top - 8, at, bottom, named("break") + stroke(QUIET, 1.5) + dashes("2 4")) +
    text(at, top - 12, "break in series", anchor(at > width / 2 ? "end" : "start") + SMALL + PALE);

  function periods(points, x, bottom, width) {
    const every = Math.ceil(points.length / (width < 520 ? 4 : 9));
    const labels = points.map((point, index) =>
      (points.length - 1 - index) % every ? "" : text(x(index), bottom + 18, short(point.p, 16)),
    );
    return `<g${SMALL}${PALE}${anchor("middle")}>${labels.join("")}</g>`;
  }

  function seriesPoint(point, at, y, top, width) {
    if (!known(point.v)) return "";
    const high = y(point.v);
    const words = wordsOf(point);
    return (
      shapeOf(point, at, high) +
      (words
        ? text(Math.min(at, width - 34), Math.max(top, high - 12), words, anchor("middle") + SMALL + BOLD)
        : "")
    );
  }

  const wordsOf = ({ s, w }) => (s === "held" ? "held" : w);
  function shapeOf(point, x, y) {
    if (point.s === "held") return rect("held", x - 6, y - 6, 12, 12, "#fff", stroke(INK, 2));
    return point.w
      ? `<circle class="provisional" cx="${round(x)}" cy="${round(y)}" r="5.5" fill="#fff"${stroke(colour(point.j), 3)}/>`
      : mark(point.j, x, y, 5.5);
  }

  function seriesKey({ name, ref, points }, [isLined, isOtherLined], left, y, width) {
    const last = points.findLast((point) => known(point.v));
    const own = isLined ? line(0, -4, 24, -4, stroke(BLUE, 2)) : last && shapeOf(last, 12, -4);
    const entries = own ? [[own, name || "This area"]] : [];
    if (ref) entries.push([isOtherLined ? line(0, -4, 24, -4, OTHER) : dash(12, -4), ref.n]);
    if (points.some(isLimited)) entries.push([path("M12 -10v12M8 -10h8M8 2h8", stroke(QUIET)), "95% limits"]);
    let at = left;
    const drawn = entries.map(([shape, words]) => {
      const said = short(words, width < 520 ? 16 : 35);
      const entry = `<g transform="translate(${round(at)} ${y})">${shape}${text(30, 0, said)}</g>`;
      at += 46 + said.length * 6.6;
      return entry;
    });
    return `<g${SMALL}>${drawn.join("")}</g>`;
  }

  /* gap: {label, unit, rows: [{n, v, l, u, t, note}], ref: {n, v, t}, width}
     The groups of a cut as dots with limits, on a band from the lowest to the highest. */
  const gap = (spec) =>
    rowsOf("gap", spec, {
      left: [240, 120],
      right: [100, 60],
      step: 26,
      drop: 0,
      letters: 38,
      before: ({ x, top, step, parts }) => {
        const [low, high] = extent(spec.rows.map((row) => row.v)).map(x);
        parts.push(rect("gap", low, top, high - low, spec.rows.length * step, "#e8edee"));
      },
      draw: (row, y, { end, x, parts }) =>
        parts.push(
          `<circle class="group" cx="${round(x(row.v))}" cy="${y}" r="6" fill="${BLUE}"${stroke(INK)}/>`,
          text(end + 12, y + 4.5, row.t),
        ),
    });

  Object.assign(Charts, { spine, spark, trend, gap });
})();
