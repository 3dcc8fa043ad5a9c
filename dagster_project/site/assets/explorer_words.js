/* What views say in the same way: names of series, headings, tables, figures with their exports. */

(() => {
  "use strict";

  const { esc } = Charts;
  const { figure, limits, plain } = O;

  /* What the release's codes are called stands in core.js, and so do words that only the explorer says. */
  const words = (subject) => O.core.words[subject];
  const sexSaid = (sex) => words("sexes")[sex] || sex;
  const ageSaid = (age) => (["All ages", "Not applicable"].includes(age) ? "" : age);
  /* Words as they stand within a sentence: what begins with one capital begins with none. */
  const within = (text) => (/^.[a-z]/.test(text) ? text[0].toLowerCase() + text.slice(1) : text);
  /* A group within a sentence: sexes and degrees of deprivation are words, others are names. */
  const groupWithin = (name) =>
    words("sexes")[name] || name.includes("deprived") ? within(sexSaid(name)) : name;
  const listed = (parts, between = ", ") => parts.filter(Boolean).join(between);

  /* Of whom a series speaks. `several` says that kinds of period have to be told apart. */
  const seriesSaid = ([type, sex, age, segment, cut, part], several) =>
    listed([
      sexSaid(sex),
      ageSaid(age),
      segment === "all" ? "" : segment,
      cut === "all" ? "" : `${part} (${cut})`,
      several ? `by ${type.replace(/_/g, " ")}` : "",
    ]);
  const levelName = (level) => O.core.levels[level][1];
  const than = (cell) => words("than")[cell.j] || "";

  /* The names that addresses have for what tells series apart, and the place of each in a series. */
  const PARTS = Object.entries({ y: 0, s: 1, g: 2, m: 3, b: 5 });
  /* Which of an indicator's series an address asks for: the first that fits what it names. */
  const seriesAsked = (data, state) =>
    Math.max(
      0,
      data.series.findIndex((series) =>
        PARTS.every(([name, place]) => !state[name] || state[name] === series[place]),
      ),
    );
  /* The part of an address that names a series, no longer than it has to be. */
  const seriesNamed = (data, index) =>
    Object.fromEntries(
      PARTS.map(([name, place]) => [name, data.series[index][place]]).filter(
        ([name, part], at) => part !== data.series[0][PARTS[at][1]] || (name === "s" && part !== "Persons"),
      ),
    );

  /* What an address asks for: the indicator, its data with the series, of whom that speaks, and the area. */
  async function wanted(state) {
    const kind = O.kind(state.i);
    const series = seriesAsked(await O.load(`i/${kind.id}`), state);
    const data = await O.indicator(kind.id, [series]);
    return {
      kind,
      series,
      data,
      whom: listed([kind.unit, seriesSaid(data.series[series])]),
      area: O.area(state.a),
    };
  }

  const judged = (j, said) => (said ? `<span class="j ${esc(j)}">${esc(said)}</span>` : "");
  const flagSaid = (flag) => words("flags")[flag] || flag.replace(/_/g, " ");
  const flagged = (flags) => flags.map(flagSaid).join("; ");

  /* A table: head cells, rows of cells. A cell is text, or {t: text, h: mark-up, v: number, n: right-aligned}.
     One of many rows stays a table on a narrow screen and is moved sideways: `wide`. */
  function table(caption, head, rows, wide = false) {
    const top = head
      .map((cell) => `<th scope="col"${place(cell)}${valued(cell)}>${esc(cell.t || cell)}</th>`)
      .join("");
    const body = rows
      .map(
        (row) =>
          `<tr${row.m ? ' class="marked"' : ""}>${row.cells.map((cell, index) => cellOf(cell ?? "", head[index], index, wide)).join("")}</tr>`,
      )
      .join("");
    return `<div class="scroll" tabindex="0" role="region" aria-label="Table: ${esc(caption)}"><table${wide ? "" : ' class="stack"'}><caption class="sr">${esc(caption)}</caption><thead><tr>${top}</tr></thead><tbody>${body}</tbody></table></div>`;
  }
  const place = (head) => (head.n ? ' class="n"' : "");
  const valued = (cell) => (cell.v === undefined ? "" : ` data-v="${esc(cell.v)}"`);
  function cellOf(cell, head, index, wide) {
    const inside = `${place(head)}${valued(cell)}`;
    const said = cell.h ?? esc(cell.t ?? cell);
    return index === 0
      ? `<th scope="row"${inside}>${said}</th>`
      : `<td${inside}${wide ? "" : ` data-l="${esc(head.t || head)}"`}>${said}</td>`;
  }

  /* Figures as cells; a saved table has them as plain numbers, and two limits in two columns. */
  const LIMITS = { t: "95% limits", n: 1, v: "Lower 95% limit;Upper 95% limit" };
  const number = (t) => ({ t, n: 1 });
  const valueHead = (kind) => number(`Value (${kind.unit || "number"})`);
  const given = (value, dec) => plain(value, dec) ?? "";
  const numberCell = (value, dec, unit) => ({ t: figure(value, dec, unit), v: given(value, dec) });
  const limitCell = (cell, dec) => ({
    t: limits(cell, dec),
    v: `${given(cell.l, dec)};${given(cell.u, dec)}`,
  });
  const valueCell = (cell, kind) =>
    cell.v === null
      ? { h: `<i>${esc((cell.statusSaid || "no value").toLowerCase())}</i>`, v: "" }
      : numberCell(cell.v, kind.dec, kind.unit);
  const judgedCell = (cell, j, said) => (cell.v === null || !said ? "" : { h: judged(j, said) });

  const button = (what, said, caption) =>
    `<button type="button" data-export="${what}">Save ${said}<span class="sr">: ${esc(caption)}</span></button>`;
  const exports = (...buttons) => `<p class="exports no-print">${buttons.join(" ")}</p>`;
  const csvButton = (caption) => exports(button("csv", "the table as CSV", caption));

  /* A chart with its heading and its exports; what an export says besides stands in `about`. */
  function figureOf(name, caption, kind, spec, note = "") {
    const svg = Charts[kind]({
      width: width(),
      ...spec,
      label: `${spec.label || caption}. The table has the same figures.`,
    });
    return `<figure data-name="${name}"><figcaption>${esc(caption)}</figcaption>${svg}${note ? `<p class="small">${esc(note)}</p>` : ""}${exports(button("svg", "as SVG", caption), button("png", "as PNG", caption))}</figure>`;
  }

  const section = (id, title, body) =>
    `<section aria-labelledby="${id}"><h2 id="${id}">${esc(title)}</h2>${body}</section>`;
  const sameAsTable = (caption, head, rows, wide) =>
    section("table", "The same as a table", table(caption, head, rows, wide) + csvButton(caption));
  const link = (address, said) => `<a href="${esc(address)}">${esc(said)}</a>`;

  /* An address of the explorer; what is empty is left out. */
  function address(view, state) {
    const named = Object.entries(state)
      .filter(([, value]) => (value ?? "") !== "")
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    return `#/${view}${named.length ? `?${named.join("&")}` : ""}`;
  }

  /* Pairs of a name and what belongs to it, gathered by name. */
  function gathered(pairs) {
    const groups = new Map();
    pairs.forEach(([name, each]) => groups.set(name, [...(groups.get(name) || []), each]));
    return [...groups];
  }
  /* Names gathered by why they are listed: one line a reason. */
  const byReason = (found) =>
    `<ul>${gathered(found)
      .map(([why, names]) => `<li><strong>${esc(why)}</strong>: ${esc(names.join(", "))}</li>`)
      .join("")}</ul>`;

  const width = () => Math.max(280, Math.min(760, document.getElementById("view").clientWidth || 720));
  /* Two letters may say one word: the key has it once. */
  const key = () =>
    `<p class="key"><b>Compared with England</b> ${[...new Map(Object.values(O.core.judgements))]
      .map(([j, said]) => judged(j, said))
      .join(" ")}</p>`;

  Object.assign(O, {
    esc,
    words,
    sexSaid,
    ageSaid,
    listed,
    within,
    groupWithin,
    seriesSaid,
    levelName,
    than,
    PARTS,
    seriesAsked,
    seriesNamed,
    wanted,
    judged,
    flagSaid,
    flagged,
    table,
    LIMITS,
    number,
    valueHead,
    numberCell,
    limitCell,
    valueCell,
    judgedCell,
    csvButton,
    figureOf,
    section,
    sameAsTable,
    link,
    address,
    gathered,
    byReason,
    width,
    key,
  });
})();
