/* Compare areas: ranked bars, map, funnel and table of one level, and who isn't among them and why. */

(() => {
  "use strict";

  const { html, esc, figure, plain } = O;

  /* The areas of a level: districts are told with the unitary authorities that have their tasks too. */
  const ofLevel = (level) => {
    const utla = O.core.levels.findIndex(([type]) => type === "utla");
    const isDistricts = O.core.levels[level][0] === "district";
    return O.core.areas.filter((area) => area.level === level || (isDistricts && area.level === utla && area.isLtla));
  };
  const levelsOf = (data) => [...new Set(data.where.map(([, level]) => level))].filter((level) => O.core.levels[level][0] !== "england").sort((a, b) => a - b);

  /* What a view of one series is about: level, periods, the period asked for. */
  function subject(data, state) {
    const series = O.seriesAsked(data, state);
    const levels = [...new Set(data.where.filter(([each]) => each === series).map(([, level]) => level))].filter((level) => O.core.levels[level][0] !== "england");
    const area = O.area(state.a);
    const asked = O.core.levels.findIndex(([type]) => type === state.k);
    const level = levels.includes(asked) ? asked : area && levels.includes(area.level) ? area.level : levels.length ? levels.sort((a, b) => hasValues(data, series, b) - hasValues(data, series, a) || sizeOf(b) - sizeOf(a))[0] : 0;
    const blocks = data.blocks.filter((block) => block.s === series && block.k === level);
    const periods = blocks.length ? blocks[0].periods : [];
    const named = periods.find((period) => data.periods[period][0] === state.p);
    return { series, level, levels, periods, period: named === undefined ? periods[periods.length - 1] : named };
  }
  /* Whether any area of a level has a value in the newest period: a level without any isn't opened unasked. */
  const hasValues = (data, series, level) => data.blocks.some((block) => {
    const across = data.lists[block.a].length;
    return block.s === series && block.k === level && O.grid(block, "v", across * block.periods.length).slice(-across).some((value) => value !== null);
  });
  const sizeOf = (level) => (O.core.levels[level][0] === "utla" ? 1000 : O.core.areas.filter((area) => area.level === level).length);

  O.subject = subject;
  O.levelsOf = levelsOf;

  O.views.compare = async (state) => {
    const kind = O.kind(state.i);
    const data = await O.indicator(kind.id, [O.seriesAsked(await O.load(`i/${kind.id}`), state)]);
    const about = subject(data, state);
    const level = O.core.levels[about.level][0];
    return compare(kind, data, about, state, O.core.maps.includes(level) ? await O.load(`m/${level}`) : null);
  };

  function compare(kind, data, about, state, drawn) {
    const { series, level, period } = about;
    const dec = kind.dec;
    const byRegion = state.c === "region";
    const england = O.core.areas.find((area) => O.core.levels[area.level][0] === "england");
    const whole = england ? O.cell(data, series, england, period) : null;
    const rows = ofLevel(level).map((area) => ({ area, cell: O.cell(data, series, area, period) }))
      .filter((row) => row.cell || !row.area.isPast)
      .map((row) => Object.assign(row, { cell: row.cell || Object.assign({}, O.NO_CELL, { why: "The release has no row for it" }) }));
    rows.forEach((row) => {
      [row.j, row.said] = byRegion ? row.cell.region || ["not_compared", "Not compared"] : [row.cell.j, row.cell.said];
      row.marked = row.area.code === state.a;
    });
    const ranked = state.r !== "name" && !kind.refused;
    const shown = rows.filter((row) => row.cell.v !== null).sort((a, b) => (ranked ? b.cell.v - a.cell.v : 0) || a.area.name.localeCompare(b.area.name));
    const missing = rows.filter((row) => row.cell.v === null);
    const unjudged = shown.filter((row) => row.j === "not_compared");
    const when = period === undefined ? "" : data.periods[period][0];
    const whom = O.seriesSaid(data.series[series], false);
    const what = [kind.unit, whom].filter(Boolean).join(", ");
    const chosen = rows.find((row) => row.marked);
    const ref = whole && whole.v !== null && !byRegion ? { n: "England", v: plain(whole.v, dec), t: figure(whole.v, dec, kind.unit) } : null;
    const exported = { title: kind.title, area: O.levelName(level) + (chosen ? `, ${chosen.area.name} marked` : ""), comparator: byRegion ? "each area's region" : "England", period: when, whom: what, source: sources(shown), notes: notesOf(shown) };

    const parts = [];
    parts.push(html`<p class="lead">${chosen ? sentence(chosen, kind, whole, when, byRegion) : html`${shown.length} of ${rows.length} have a value for ${esc(when)}.`} ${chosen ? O.link(O.address("trend", Object.assign({ i: kind.id, a: chosen.area.code }, O.seriesNamed(data, series))), "Is it getting better or worse?") + " " + O.link(O.address("inequalities", { i: kind.id, a: chosen.area.code }), "For whom?") : ""}</p>`);
    if (kind.refused) parts.push(html`<p class="note"><strong>These areas are not ranked.</strong> ${esc(kind.refused)}.</p>`);
    parts.push(O.KEY);
    const bars = shown.map((row) => bar(row, kind)).concat(missing.filter((row) => row.marked).map((row) => bar(row, kind)));
    const label = `${kind.title}: ${O.levelName(level)}, ${when}. ${shown.length} areas${ref ? `; England ${ref.t}` : ""}. The table below has the same figures.`;
    const pictures = [O.figureOf("bars", `${kind.title}, ${what}, ${when}`, Charts.bars({ label, unit: kind.unit, rows: bars, ref, width: O.width(), empty: "No area has a value that can be shown." }))];
    if (drawn) pictures.push(mapOf(rows, kind, drawn, when, level));
    if (kind.funnel && ref && !kind.refused) pictures.push(funnelOf(shown, kind, ref, when));
    parts.push(html`<div class="beside"><div>${pictures[0]}</div><div>${pictures.slice(1).join("")}</div></div>`);
    parts.push(O.section("table", "The same as a table", tableOf(shown.concat(missing), kind, data, about, when, byRegion) + O.csvButton(kind.title)));
    if (unjudged.length || missing.length) {
      parts.push(O.section("refused", "Not compared, and why", (unjudged.length ? html`<p>These have a value that is not set against ${byRegion ? "their region" : "England"}:</p>${O.byReason(unjudged.map((row) => [row.cell.why || "The release gives no comparison", row.area.name]))}` : "")
        + (missing.length ? html`<p>These have no value that can be shown:</p>${O.byReason(missing.map((row) => [row.cell.why || row.cell.statusSaid || "No value", row.area.name]))}` : "")));
    }
    return { title: kind.title, over: `${what}, ${when}: ${O.levelName(level)}`, html: parts.join(""), about: exported, said: `${kind.title}, ${when}, ${shown.length} areas shown.` };
  }

  const bar = (row, kind) => ({
    n: row.area.name, v: plain(row.cell.v, kind.dec), l: plain(row.cell.l, kind.dec), u: plain(row.cell.u, kind.dec),
    t: figure(row.cell.v, kind.dec, kind.unit) + (row.cell.status === "held" ? " held" : ""), j: row.j, m: row.marked, note: row.cell.statusSaid || "no value",
  });

  function sentence(row, kind, whole, when, byRegion) {
    const value = row.cell.v === null ? html`has no value that can be shown (${esc(row.cell.why)})` : html`<strong>${esc(figure(row.cell.v, kind.dec, kind.unit))}</strong>${kind.unit && kind.unit !== "%" ? ` ${esc(kind.unit)}` : ""}`;
    const compared = row.cell.v === null ? "" : byRegion ? `, ${row.said.toLowerCase()} (against its region)` : O.than(row.cell) ? html`, <strong>${O.than(row.cell)}</strong>${whole && whole.v !== null ? ` (${esc(figure(whole.v, kind.dec, kind.unit))})` : ""}` : `; ${row.said.toLowerCase()}${row.j === "not_compared" && row.cell.why ? ` (${esc(row.cell.why)})` : ""}`;
    return html`${esc(row.area.name)} ${row.cell.v === null ? "" : "has "}${value} in ${esc(when)}${compared}.`;
  }

  function mapOf(rows, kind, drawn, when, level) {
    const byCode = new Map(rows.map((row) => [row.area.code, row]));
    rows.filter((row) => row.area.after && row.cell.v !== null && ((byCode.get(row.area.after) || {}).cell || O.NO_CELL).v === null)
      .forEach((row) => byCode.set(row.area.after, row));
    const of = (code) => {
      const row = byCode.get(code);
      const name = row ? row.area.name : (O.area(code) || {}).name || code;
      return { c: code, n: name, j: row && row.cell.v !== null ? row.j : "", m: Boolean(row && row.marked), t: row && row.cell.v !== null ? `${figure(row.cell.v, kind.dec, kind.unit)}, ${row.said.toLowerCase()}` : "no value" };
    };
    const spec = { label: `Map of ${O.levelName(level)}: ${kind.title}, ${when}. The table has the same figures.`, width: Math.min(480, O.width()) };
    if (drawn.tiles) spec.tiles = drawn.tiles.map(([code, x, y, k]) => Object.assign(of(code), { x, y, k }));
    else Object.assign(spec, { shapes: drawn.shapes.map(([code, d]) => Object.assign(of(code), { d })), box: drawn.box, inset: drawn.inset });
    return O.figureOf("map", `Where they are, ${when}`, Charts.map(spec), drawn.note);
  }

  function funnelOf(shown, kind, ref, when) {
    const points = shown.filter((row) => row.cell.d !== null).map((row) => ({ n: row.area.name, x: row.cell.d, v: plain(row.cell.v, kind.dec), j: row.j, m: row.marked }));
    if (points.length < 10) return "";
    const spec = { label: `Funnel of ${kind.title}, ${when}: each area's value against how many are counted out of, with the limits that chance alone would keep 95% and 99.8% of areas within.`, unit: kind.unit, points, ref, kind: kind.funnel, multiplier: kind.multiplier, width: Math.min(560, O.width()) };
    return O.figureOf("funnel", `How much may be chance, ${when}`, Charts.funnel(spec), "Dashed curves hold 95% of areas that differ from England by chance alone, whole curves 99.8%. Colours are the release's judgement.");
  }

  function tableOf(rows, kind, data, about, when, byRegion) {
    const counts = rows.some((row) => row.cell.n !== null || row.cell.d !== null);
    const head = ["Area", { t: `Value (${kind.unit || "number"})`, n: 1 }, O.LIMITS, byRegion ? "Compared with its region" : "Compared with England"]
      .concat(counts ? [{ t: "Counted", n: 1 }, { t: "Out of", n: 1 }] : [], ["Notes"]);
    const named = O.seriesNamed(data, about.series);
    const body = rows.map((row) => ({
      m: row.marked,
      cells: [{ h: O.link(O.address("indicator", Object.assign({ i: kind.id, a: row.area.code, p: when }, named)), row.area.name) + (row.area.isPast ? " (past area)" : "") },
        O.valueCell(row.cell, kind), O.limitCell(row.cell, kind.dec), row.cell.v === null ? "" : { h: O.judged(row.j, row.said) }]
        .concat(counts ? [O.numberCell(row.cell.n, data.counts[0]), O.numberCell(row.cell.d, data.counts[1])] : [], [noteOf(row)]),
    }));
    return O.table(`${kind.title}, ${O.seriesSaid(data.series[about.series], false)}, ${when}`, head, body, true);
  }

  function noteOf(row) {
    const said = [O.flagged(row.cell.flags)];
    if (row.cell.v === null || row.j === "not_compared" || row.cell.status === "held") said.push(row.cell.why);
    if (row.cell.origin === "computed") said.push("Worked out here");
    return said.filter(Boolean).join("; ");
  }
  const sources = (rows) => [...new Set(rows.map((row) => row.cell.source).filter(Boolean))].join("; ");
  const notesOf = (rows) => [...new Set(rows.flatMap((row) => row.cell.flags))].map((flag) => O.core.words.flags[flag] || flag)
    .concat(rows.some((row) => row.cell.status === "held") ? ["Held values are the last good ones"] : []);

  Object.assign(O, { noteOf, sources, notesOf });
})();
