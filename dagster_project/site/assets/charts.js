/* Charts as SVG text: pure functions of a plain spec, with no page, no library and no state.

   The same files draw in the browser and when the site is built (dagster_project/site/charts.py), so
   a page without script shows the same charts: this one with what they share, and bars;
   charts_places.js maps and funnels; charts_series.js spines, sparklines, series and groups. Colours are presentation attributes, since a style
   attribute is refused by the site's content security policy and an exported file has no
   stylesheet; classes let a page's stylesheet have the last word (print, forced colours).

   A judgement is one of the release's words: it picks colour and shape, and is never worked out
   here. A value of null is drawn nowhere. Every text is escaped. */

const Charts = (() => {
  "use strict";

  const INK = "#212b32";
  const QUIET = "#4c6272";
  const GRID = "#d8dde0";
  const BLUE = "#005eb8";
  const FONT = 'font-family="Arial, Helvetica, sans-serif"';
  // Blue, amber and red stay apart for readers who don't see red from green; shapes say it again.
  const COLOURS = {
    better: BLUE,
    similar: "#ffb81c",
    worse: "#b3261e",
    higher: "#6b3fa0",
    lower: "#a98bc9",
    mixed: "#7a6a1a",
    no_judgement: "#768692",
    not_compared: "#aeb7bd",
  };
  const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  // Characters that XML can't hold, lone halves of pairs among them (the u flag makes it so), and
  // those that turn the reading direction of what follows.
  const HARMFUL =
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]/gu;

  const esc = (text) =>
    String(text ?? "")
      .replace(HARMFUL, "")
      .replace(/[&<>"']/g, (character) => ENTITIES[character]);
  const round = (number) => Math.round(number * 10) / 10;
  const known = (number) => typeof number === "number" && Number.isFinite(number);
  const colour = (judgement) => COLOURS[judgement] || COLOURS.not_compared;
  const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text);

  /* Attributes that many marks have. */
  const BOLD = ' font-weight="700"';
  const SMALL = ' font-size="12"';
  const PALE = ` fill="${QUIET}"`;
  const anchor = (where) => ` text-anchor="${where}"`;
  const stroke = (colour, width) => ` stroke="${colour}"${width ? ` stroke-width="${width}"` : ""}`;
  const dashes = (lengths) => ` stroke-dasharray="${lengths}"`;

  const text = (x, y, words, more = "") =>
    `<text x="${round(x)}" y="${round(y)}"${more}>${esc(words)}</text>`;
  /* Lines along `d`; `more` are attributes, the colour among them. */
  const path = (d, more) => `<path d="${d}"${more} fill="none"/>`;
  const line = (x1, y1, x2, y2, more) => path(`M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}`, more);
  const rect = (name, x, y, width, height, fill, more = "") =>
    `<rect class="${name}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${fill}"${more}/>`;
  const named = (name) => ` class="${name}"`;

  /* `words` are the attributes of a chart's text; the small charts that fill tables have none. */
  function svg(kind, width, height, label, body, words = ` ${FONT} font-size="13" fill="${INK}"`) {
    const [w, h] = [round(width), round(height)];
    return `<svg xmlns="http://www.w3.org/2000/svg" class="chart chart-${kind}" role="img" aria-label="${esc(label)}" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}"${words}>${body}</svg>`;
  }
  const empty = (kind, spec, width) =>
    svg(
      kind,
      width,
      40,
      spec.label || "No values",
      text(8, 25, spec.empty || "No value can be shown.", PALE),
    );

  /* Even steps of 1, 2 or 5 that cover lo to hi, about `count` of them. */
  function ticks(lo, hi, count) {
    const span = hi - lo || Math.abs(hi) || 1;
    const rough = span / count;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999);
    const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    const first = Math.floor(lo / step + 1e-9);
    const last = Math.ceil(hi / step - 1e-9);
    const marks = [];
    for (let n = first; n <= last; n += 1) marks.push(Number((n * step).toFixed(places)));
    return { marks, lo: marks[0], hi: marks[marks.length - 1], places: Math.min(places, 6) };
  }
  const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ",");
  function tickText(mark, places) {
    const [whole, part] = Math.abs(mark).toFixed(places).split(".");
    return (mark < 0 ? "−" : "") + grouped(whole) + (part ? `.${part}` : "");
  }

  /* From data to pixels. */
  function scale(lo, hi, from, to) {
    const per = (to - from) / (hi - lo || 1);
    return (number) => from + (number - lo) * per;
  }

  /* A judgement's shape: triangle up, circle, triangle down, diamonds, squares. */
  function mark(judgement, x, y, r, more = "") {
    const [a, b] = [round(x), round(y)];
    const diamond = `M${a} ${round(b - r)}l${r} ${r}l${-r} ${r}l${-r} ${-r}z`;
    const outline = {
      better: `M${a} ${round(b - r)}l${r} ${r * 1.8}h${-2 * r}z`,
      worse: `M${a} ${round(b + r)}l${r} ${-r * 1.8}h${-2 * r}z`,
      higher: diamond,
      lower: diamond,
      no_judgement: `M${round(a - r * 0.8)} ${round(b - r * 0.8)}h${r * 1.6}v${r * 1.6}h${-r * 1.6}z`,
    }[judgement];
    const look = `class="j-${esc(judgement)}" fill="${colour(judgement)}"${stroke(INK)}${more}`;
    return outline ? `<path d="${outline}" ${look}/>` : `<circle cx="${a}" cy="${b}" r="${r}" ${look}/>`;
  }

  /* The least and the greatest of what is known; null where nothing is. */
  function extent(numbers) {
    const found = numbers.filter(known);
    return found.length ? [Math.min(...found), Math.max(...found)] : null;
  }
  const reach = (points) => points.flatMap(({ v, l, u }) => (known(v) ? [v, l, u] : []));
  const isLimited = ({ v, l, u }) => [v, l, u].every(known);

  /* The axis of a chart whose values go upwards: its lines and their numbers, and the unit above them. */
  const upwards = (axis, y, left, right, unit) =>
    path(
      axis.marks.map((number) => `M${left} ${round(y(number))}H${right}`).join(""),
      named("grid") + stroke(GRID),
    ) +
    `<g${PALE}${SMALL}>${axis.marks.map((number) => text(left - 6, y(number) + 4, tickText(number, axis.places), anchor("end"))).join("")}${text(4, 16, unit || "")}</g>`;

  /* What charts with a row an area or a group share: an axis across the top, England's line, why there is no
     value. `shape` says where the rows begin and end (wide, narrow), how high they are, how long names may be. */
  function rowsOf(kind, spec, shape, startsAtZero) {
    const width = spec.width || 720;
    const narrow = width < 520 ? 1 : 0;
    const [left, end, step] = [shape.left[narrow], width - shape.right[narrow], shape.step];
    const ref = known(spec.ref?.v) ? spec.ref : null;
    // The unit stands over the axis, and what England has below it: beside an axis there is no room.
    const top = spec.unit && ref ? 62 : 46;
    const range = extent([...reach(spec.rows), ref?.v]);
    if (!spec.rows.some((row) => known(row.v)) && !(ref && startsAtZero)) return empty(kind, spec, width);
    const dots = !startsAtZero || range[0] > range[1] * 0.7 || range[1] < range[0] * 0.7;
    const axis = ticks(
      dots ? range[0] : Math.min(0, range[0]),
      dots ? range[1] : Math.max(0, range[1]),
      narrow ? 3 : 6,
    );
    const x = scale(axis.lo, axis.hi, left, end);
    const bottom = top + spec.rows.length * step + 4;
    const labels = axis.marks.map((number) =>
      text(x(number), top - 10, tickText(number, axis.places), anchor("middle")),
    );
    const parts = [
      path(
        axis.marks.map((number) => `M${round(x(number))} ${top - 4}V${bottom}`).join(""),
        named("grid") + stroke(GRID),
      ),
      `<g${PALE}${SMALL}>${labels.join("")}${spec.unit ? text(left, 12, spec.unit) : ""}</g>`,
    ];
    const names = [];
    const middle = (index) => top + (index + 0.5) * step + shape.drop;
    const frame = { width, end, top, step, x, parts, dots };
    // A page has hundreds of rows: what they share is said once.
    const limits = spec.rows
      .map((row, index) => {
        if (!isLimited(row)) return "";
        const y = middle(index);
        return `M${round(x(row.l))} ${y - 3}v6m0-3H${round(x(row.u))}m0-3v6`;
      })
      .join("");
    const whiskers = limits && path(limits, named("limits") + stroke(INK, 1.2));
    shape.before?.(frame);
    if (dots) parts.push(whiskers);
    spec.rows.forEach((row, index) => {
      const y = middle(index);
      if (row.m) parts.push(rect("marked", 0, y - step / 2, width, step, "#fff2cc"));
      names.push(text(left - 8, y + 4.5, short(row.n, narrow ? 14 : shape.letters), row.m ? BOLD : ""));
      if (known(row.v)) shape.draw(row, y, frame);
      else parts.push(text(left + 4, y + 4.5, row.note || "no value", `${PALE} font-style="italic"`));
    });
    parts.push(`<g${anchor("end")}>${names.join("")}</g>`, dots ? "" : whiskers);
    if (ref) {
      const at = x(ref.v);
      const where = at > end - 80 ? "end" : at < left + 60 ? "start" : "middle";
      parts.push(
        line(at, top - 8, at, bottom, named("ref") + stroke(INK, 2) + dashes("5 3")),
        text(at, top - 32, `${ref.n} ${ref.t || ""}`, anchor(where) + BOLD),
      );
    }
    return svg(kind, width, bottom + 8, spec.label, parts.join(""));
  }

  /* bars: {label, unit, rows: [{n, v, l, u, t, j, m, note}], ref: {v, n, t}, width}
     One row an area: n name, v value, l u limits, t the value in words, j judgement, m marked,
     note why there is no value. Bars start at zero; where zero is far off, dots stand for them. `shared`
     says that the page has the marks of bars, by their judgements. */
  const bars = (spec) =>
    rowsOf(
      "bars",
      spec,
      {
        left: [218, 120],
        right: [150, 76],
        step: 20,
        drop: 2,
        letters: 35,
        draw: (row, y, { end, x, parts, dots }) => {
          const [zero, at] = [x(0), x(row.v)];
          if (dots) parts.push(mark(row.j, at, y, 5));
          else
            parts.push(
              rect(
                `j-${esc(row.j)}`,
                Math.min(zero, at),
                y - 6,
                Math.abs(at - zero),
                12,
                colour(row.j),
                stroke(INK, ".6"),
              ),
              spec.shared ? `<use href="#${esc(row.j)}" x="${end + 12}" y="${y}"/>` : mark(row.j, end + 12, y, 4.5),
            );
          parts.push(text(end + (dots ? 8 : 22), y + 4.5, row.t, row.m ? BOLD : ""));
        },
      },
      true,
    );

  return {
    bars,
    rowsOf,
    INK,
    QUIET,
    BLUE,
    FONT,
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
    short,
    text,
    path,
    line,
    rect,
    svg,
    empty,
    ticks,
    grouped,
    tickText,
    scale,
    mark,
    extent,
    reach,
    isLimited,
    upwards,
  };
})();
