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
  const FONT = 'font-family="Arial, Helvetica, sans-serif"';
  // Blue, amber and red stay apart for readers who don't see red from green; shapes say it again.
  const COLOURS = {
    better: "#005eb8", similar: "#ffb81c", worse: "#b3261e", higher: "#6b3fa0", lower: "#a98bc9",
    mixed: "#7a6a1a", no_judgement: "#768692", not_compared: "#aeb7bd",
  };
  const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  // Characters that XML can't hold, lone halves of pairs among them (the u flag makes it so), and
  // those that turn the reading direction of what follows.
  const HARMFUL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]/gu;

  /* Small charts have no words, and are drawn by the ten thousand. */
  const esc = (text) => text === "" ? "" : String(text === null || text === undefined ? "" : text)
    .replace(HARMFUL, "").replace(/[&<>"']/g, (character) => ENTITIES[character]);
  const round = (number) => Math.round(number * 10) / 10;
  const known = (number) => typeof number === "number" && Number.isFinite(number);
  const colour = (judgement) => COLOURS[judgement] || COLOURS.not_compared;
  const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1).trimEnd()}…` : text);

  const text = (x, y, words, more = "") =>
    `<text x="${round(x)}" y="${round(y)}"${more}>${esc(words)}</text>`;
  const line = (x1, y1, x2, y2, stroke, more = "") =>
    `<path d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}" stroke="${stroke}" fill="none"${more}/>`;

  /* `words` are the attributes of a chart's text; the small charts that fill tables have none. */
  function svg(kind, width, height, label, body, words = ` ${FONT} font-size="13" fill="${INK}"`) {
    const [w, h] = [round(width), round(height)];
    return `<svg xmlns="http://www.w3.org/2000/svg" class="chart chart-${kind}" role="img" aria-label="${esc(label)}"`
      + ` viewBox="0 0 ${w} ${h}" width="${w}" height="${h}"${words}>${body}</svg>`;
  }

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
  const tickText = (mark, places) => {
    const [whole, part] = Math.abs(mark).toFixed(places).split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
    return (mark < 0 ? "−" : "") + (part ? `${grouped}.${part}` : grouped);
  };

  /* From data to pixels. */
  function scale(lo, hi, from, to) {
    const per = (to - from) / (hi - lo || 1);
    return (number) => from + (number - lo) * per;
  }

  /* A judgement's shape: triangle up, circle, triangle down, diamonds, squares. */
  function mark(judgement, x, y, r, more = "") {
    const [a, b] = [round(x), round(y)];
    const paths = {
      better: `M${a} ${round(b - r)}l${r} ${r * 1.8}h${-2 * r}z`,
      worse: `M${a} ${round(b + r)}l${r} ${-r * 1.8}h${-2 * r}z`,
      higher: `M${a} ${round(b - r)}l${r} ${r}l${-r} ${r}l${-r} ${-r}z`,
      lower: `M${a} ${round(b - r)}l${r} ${r}l${-r} ${r}l${-r} ${-r}z`,
      no_judgement: `M${round(a - r * 0.8)} ${round(b - r * 0.8)}h${r * 1.6}v${r * 1.6}h${-r * 1.6}z`,
    };
    const look = `class="j-${esc(judgement)}" fill="${colour(judgement)}" stroke="${INK}"${more}`;
    return paths[judgement] ? `<path d="${paths[judgement]}" ${look}/>` : `<circle cx="${a}" cy="${b}" r="${r}" ${look}/>`;
  }

  function extent(numbers) {
    let [lo, hi] = [Infinity, -Infinity];
    for (const number of numbers) {
      if (known(number)) {
        lo = Math.min(lo, number);
        hi = Math.max(hi, number);
      }
    }
    return lo <= hi ? [lo, hi] : null;
  }

  const empty = (kind, spec, width) =>
    svg(kind, width, 40, spec.label || "No values", text(8, 25, spec.empty || "No value can be shown.", ` fill="${QUIET}"`));

  /* bars: {label, unit, rows: [{n, v, l, u, t, j, m, note}], ref: {v, n, t}, width}
     One row an area: n name, v value, l u limits, t the value in words, j judgement, m marked,
     note why there is no value. Bars start at zero; where zero is far off, dots stand for them. */
  function bars(spec) {
    const width = spec.width || 720;
    const narrow = width < 520;
    const [left, right, step, top] = [narrow ? 112 : 218, narrow ? 76 : 150, 20, 46];
    const ref = spec.ref && known(spec.ref.v) ? spec.ref : null;
    const range = extent(spec.rows.flatMap((row) => (known(row.v) ? [row.v, row.l, row.u] : [])).concat(ref ? [ref.v] : []));
    if (!range) return empty("bars", spec, width);
    const dots = range[0] > range[1] * 0.7 || range[1] < range[0] * 0.7;
    const axis = ticks(dots ? range[0] : Math.min(0, range[0]), dots ? range[1] : Math.max(0, range[1]), narrow ? 3 : 6);
    const x = scale(axis.lo, axis.hi, left, width - right);
    const bottom = top + spec.rows.length * step + 4;
    const parts = axes(axis, x, top, bottom, spec.unit, width - right);
    // A page has hundreds of rows: what they share is said once.
    const names = [];
    let whiskers = "";
    spec.rows.forEach((row, index) => {
      const y = top + index * step + step / 2 + 2;
      if (row.m) parts.push(`<rect class="marked" x="0" y="${y - step / 2}" width="${width}" height="${step}" fill="#fff2cc"/>`);
      names.push(text(left - 8, y + 4.5, short(row.n, narrow ? 15 : 35), row.m ? ' font-weight="700"' : ""));
      if (!known(row.v)) {
        parts.push(text(left + 4, y + 4.5, row.note || "no value", ` fill="${QUIET}" font-style="italic"`));
        return;
      }
      if (!dots) {
        const [from, to] = [Math.min(x(0), x(row.v)), Math.max(x(0), x(row.v))];
        parts.push(`<rect class="j-${esc(row.j)}" x="${round(from)}" y="${y - 6}" width="${round(to - from)}" height="12" fill="${colour(row.j)}" stroke="${INK}" stroke-width=".6"/>`);
      } else parts.push(mark(row.j, x(row.v), y, 5));
      if (known(row.l) && known(row.u)) {
        const [from, to] = [round(x(row.l)), round(x(row.u))];
        whiskers += `M${from} ${y - 3}v6m0-3H${to}m0-3v6`;
      }
      if (!dots) parts.push(mark(row.j, width - right + 12, y, 4.5));
      parts.push(text(width - right + (dots ? 8 : 22), y + 4.5, row.t, row.m ? ' font-weight="700"' : ""));
    });
    parts.push(`<g text-anchor="end">${names.join("")}</g>`);
    if (whiskers) parts.push(`<path class="limits" d="${whiskers}" stroke="${INK}" stroke-width="1.2" fill="none"/>`);
    if (ref) {
      const at = x(ref.v);
      parts.push(line(at, top - 8, at, bottom, INK, ' class="ref" stroke-width="2" stroke-dasharray="5 3"'));
      const anchor = at > width - right - 80 ? "end" : at < left + 60 ? "start" : "middle";
      parts.push(text(at, top - 32, `${ref.n} ${ref.t || ""}`, ` text-anchor="${anchor}" font-weight="700"`));
    }
    return svg("bars", width, bottom + 8, spec.label, parts.join(""));
  }

  function axes(axis, x, top, bottom, unit, end) {
    const grid = axis.marks.map((number) => `M${round(x(number))} ${top - 4}V${bottom}`).join("");
    const labels = axis.marks.map((number) => text(x(number), top - 10, tickText(number, axis.places), ' text-anchor="middle"'));
    return [
      `<path class="grid" d="${grid}" stroke="${GRID}" fill="none"/>`,
      `<g fill="${QUIET}" font-size="12">${labels.join("")}${unit ? text(end + 24, top - 10, unit) : ""}</g>`,
    ];
  }

  return {
    bars, INK, QUIET, GRID,
    esc, round, known, colour, short, text, line, svg, ticks, tickText, scale, mark, extent, empty, axes,
  };
})();
