/* What views say in the same way: names of series, headings, tables, figures with their exports. */

(() => {
  "use strict";

  const { esc } = Charts;
  const html = (strings, ...values) => strings.reduce((text, part, index) => text + part + (index < values.length ? values[index] : ""), "");

  const sexSaid = (sex) => O.core.words.sexes[sex] || sex;
  const ageSaid = (age) => (["All ages", "Not applicable"].includes(age) ? "" : age);

  /* Of whom a series speaks. `kinds` says whether several kinds of period have to be told apart. */
  function seriesSaid([type, sex, age, segment, cut, part], several) {
    const said = [sexSaid(sex), ageSaid(age), segment === "all" ? "" : segment, cut === "all" ? "" : `${part} (${cut})`,
      several ? `by ${type.replace(/_/g, " ")}` : ""];
    return said.filter(Boolean).join(", ");
  }

  const levelName = (level) => O.core.levels[level][1];
  const than = (cell) => ({ better: "better than England", worse: "worse than England", similar: "similar to England", higher: "higher than England", lower: "lower than England" }[cell.j] || "");

  /* Which of an indicator's series an address asks for: the first that fits what it names. */
  function seriesAsked(data, state) {
    const fits = data.series.findIndex((series) =>
      [["y", 0], ["s", 1], ["g", 2], ["m", 3], ["b", 5]].every(([name, place]) => !state[name] || state[name] === series[place]));
    return Math.max(0, fits);
  }

  /* The part of an address that names a series, no longer than it has to be. */
  function seriesNamed(data, index) {
    const names = ["y", "s", "g", "m", null, "b"];
    const series = data.series[index];
    const named = {};
    names.forEach((name, place) => {
      if (name && (series[place] !== data.series[0][place] || (name === "s" && series[place] !== "Persons"))) named[name] = series[place];
    });
    return named;
  }

  const judged = (j, said) => (said ? html`<span class="j ${esc(j)}">${esc(said)}</span>` : "");
  const flagged = (flags) => flags.map((flag) => O.core.words.flags[flag] || flag.replace(/_/g, " ")).join("; ");

  /* A table: head cells, rows of cells. A cell is text, or {t: text, h: mark-up, v: number, n: right-aligned}.
     One of many rows stays a table on a narrow screen and is moved sideways: `wide`. */
  function table(caption, head, rows, wide = false) {
    const top = head.map((cell) => html`<th scope="col"${cell.n ? ' class="n"' : ""}${cell.v ? ` data-v="${esc(cell.v)}"` : ""}>${esc(cell.t || cell)}</th>`).join("");
    const body = rows.map((row) => html`<tr${row.m ? ' class="marked"' : ""}>${row.cells.map((cell, index) => cellOf(cell, head[index], index, wide)).join("")}</tr>`).join("");
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Table: ${esc(caption)}"><table${wide ? "" : ' class="stack"'}><caption class="sr">${esc(caption)}</caption><thead><tr>${top}</tr></thead><tbody>${body}</tbody></table></div>`;
  }

  /* Figures as cells; a saved table has them as plain numbers, and two limits in two columns. */
  const LIMITS = { t: "95% limits", n: 1, v: "Lower 95% limit;Upper 95% limit" };
  const given = (number, dec) => { const found = O.plain(number, dec); return found === null ? "" : found; };
  const valueCell = (cell, kind) => (cell.v === null ? { h: html`<i>${esc((cell.statusSaid || "no value").toLowerCase())}</i>`, v: "" } : { t: O.figure(cell.v, kind.dec, kind.unit), v: given(cell.v, kind.dec) });
  const limitCell = (cell, dec) => ({ t: O.limits(cell, dec), v: `${given(cell.l, dec)};${given(cell.u, dec)}` });
  const numberCell = (number, dec, unit) => ({ t: O.figure(number, dec, unit), v: given(number, dec) });

  function cellOf(cell, head, index, wide) {
    const made = typeof cell === "object" && cell !== null ? cell : { t: cell };
    const said = made.h === undefined ? esc(made.t) : made.h;
    const value = made.v === undefined || made.v === null ? "" : ` data-v="${esc(made.v)}"`;
    const place = head.n ? ' class="n"' : "";
    return index === 0 ? html`<th scope="row"${place}${value}>${said}</th>` : html`<td${place}${value}${wide ? "" : ` data-l="${esc(head.t || head)}"`}>${said}</td>`;
  }

  /* A chart with its heading and its exports; what an export says besides stands in `about`. */
  function figureOf(name, caption, svg, note = "") {
    return html`<figure data-name="${name}"><figcaption>${esc(caption)}</figcaption>${svg}${note ? html`<p class="small">${esc(note)}</p>` : ""}<p class="exports no-print"><button type="button" data-export="svg">Save as SVG<span class="sr">: ${esc(caption)}</span></button> <button type="button" data-export="png">Save as PNG<span class="sr">: ${esc(caption)}</span></button></p></figure>`;
  }

  const csvButton = (caption) => html`<p class="exports no-print"><button type="button" data-export="csv">Save the table as CSV<span class="sr">: ${esc(caption)}</span></button></p>`;
  const section = (id, title, body) => html`<section aria-labelledby="${id}"><h2 id="${id}">${esc(title)}</h2>${body}</section>`;
  const link = (address, said) => html`<a href="${esc(address)}">${esc(said)}</a>`;

  /* An address of the explorer; what is empty is left out. */
  function address(view, state) {
    const named = Object.entries(state).filter(([, value]) => value !== "" && value !== undefined && value !== null)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    return `#/${view}${named.length ? `?${named.join("&")}` : ""}`;
  }

  /* Names gathered by why they are listed: one line a reason. */
  function byReason(found) {
    const groups = new Map();
    found.forEach(([why, name]) => groups.set(why, (groups.get(why) || []).concat(name)));
    return html`<ul>${[...groups].map(([why, names]) => html`<li><strong>${esc(why)}</strong>: ${esc(names.join(", "))}</li>`).join("")}</ul>`;
  }

  const width = () => Math.max(280, Math.min(760, document.getElementById("view").clientWidth || 720));
  const KEY = html`<p class="key"><b>Compared with England</b> <span class="j better">Better</span> <span class="j similar">Similar</span> <span class="j worse">Worse</span> <span class="j higher">Higher</span> <span class="j lower">Lower</span> <span class="j no_judgement">Not judged</span> <span class="j not_compared">Not compared</span></p>`;

  Object.assign(O, { html, esc, sexSaid, ageSaid, seriesSaid, levelName, than, seriesAsked, seriesNamed, judged, flagged, table, figureOf, csvButton, section, link, address, LIMITS, valueCell, limitCell, numberCell, byReason, width, KEY });
})();
