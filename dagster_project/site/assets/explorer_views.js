/* Views of one area (its summary, a series over time, its inequalities) and of one indicator. */

(() => {
  "use strict";

  const { html, esc, figure, limits, plain } = O;
  const england = () => O.core.areas.find((area) => O.core.levels[area.level][0] === "england");
  const apartBy = (kind) => (kind.unit === "%" ? " percentage points" : unitSaid(kind));
  const unitSaid = (kind) => (kind.unit && kind.unit !== "%" ? ` ${kind.unit}` : "");

  /* How the indicators of a summary may be grouped: a framework's parts, or what frameworks say. */
  function groupings() {
    const listed = { types: "By outcome type", programmes: "By programme", partners: "By owning partner" };
    return O.core.frameworks.filter(([, , , parts]) => parts.some(([, kinds]) => kinds.length)).map(([id, name, part]) => [id, `${name} (by ${part})`])
      .concat(Object.entries(listed).filter(([name]) => O.core.kinds.some((kind) => kind[name].length)), [["owner", "By owner"], ["all", "All indicators, by name"]]);
  }
  function groupsOf(by) {
    const framework = O.core.frameworks.find(([id]) => id === by);
    if (framework) return framework[3].filter(([, kinds]) => kinds.length);
    if (by === "all") return [["All indicators", O.core.kinds.map((kind) => kind.index)]];
    const groups = new Map();
    O.core.kinds.forEach((kind) => [].concat(kind[by]).filter(Boolean).forEach((name) => groups.set(name, (groups.get(name) || []).concat(kind.index))));
    return [...groups].sort((a, b) => a[0].localeCompare(b[0])).map(([name, kinds]) => [(name[0].toUpperCase() + name.slice(1)).replace(/[_-]/g, " "), kinds]);
  }

  O.groupings = groupings;
  O.views.area = async (state) => {
    const area = O.area(state.a);
    const data = await O.load(`a/${area.code}`);
    const by = groupings().some(([id]) => id === state.f) ? state.f : groupings()[0][0];
    const rows = new Map();
    data.rows.forEach((row) => rows.set(row[0], (rows.get(row[0]) || []).concat([row])));
    const wanted = (row) => !state.w || O.core.judgements[row[6]][0] === state.w || (state.w === "moved" && row[10] === "worse");
    const tally = Object.fromEntries(Object.values(O.core.judgements).map(([, said]) => [said.toLowerCase(), 0]));
    const counted = new Set(groupsOf(by).flatMap(([, kinds]) => kinds));
    data.rows.filter((row) => counted.has(row[0])).forEach((row) => { const said = row[5][0] === null ? "without a value" : O.core.judgements[row[6]][1].toLowerCase(); tally[said] = (tally[said] || 0) + 1; });
    const groups = groupsOf(by).map(([name, kinds]) => [name, kinds.flatMap((index) => rows.get(index) || []).filter(wanted)]).filter(([, found]) => found.length);
    const parts = [html`<p class="lead">Against England: ${Object.entries(tally).filter(([, count]) => count).map(([said, count]) => html`<strong>${count}</strong> ${esc(said)}`).join(", ") || "no values"}.</p>`, O.KEY,
      html`<p class="small">The spread shows where ${esc(area.name)} lies among ${esc(O.levelName(area.level).toLowerCase())}: all of them pale, the middle half darker, England the line, better to the right where which way is good is confirmed.</p>`];
    groups.forEach(([name, found], index) => parts.push(O.section(`g${index}`, name, summary(name, found, area))));
    if (!groups.length) parts.push(html`<p>${esc(area.name)} has no indicator that fits what was asked for.</p>`);
    else parts.push(O.csvButton("all groups"), html`<p>${O.link(`areas/${area.code}.html`, `${area.name} as a page to read and print`)}</p>`);
    const name = groupings().find(([id]) => id === by)[1];
    return { title: area.name, over: `Area summary, ${O.levelName(area.level)}`, html: parts.join(""), said: `${area.name}: ${data.rows.length} values.`,
      about: { title: `${area.name}: area summary, ${name}`, area: area.name, comparator: "England", period: "the newest of each indicator", source: "as each indicator's page says", notes: [] } };
  };

  function summary(name, rows, area) {
    const head = ["Indicator", { t: "Value", n: 1 }, O.LIMITS, { t: "England", n: 1 }, "Compared with England", "Where it lies", "Trend over five years", "Series", "Data", "Notes"];
    return O.table(name, head, rows.map((row) => ({ cells: summaryRow(row, area) })));
  }

  function summaryRow([index, , period, sex, age, [v, l, u, e], letter, status, why, trend, way, series, breaks, ends, goal, flags], area) {
    const kind = O.core.kinds[index];
    const [j, said] = O.core.judgements[letter];
    const asked = { i: kind.id, a: area.code, s: sex === "Persons" ? "" : sex };
    const whom = [kind.unit, sex === "Persons" ? "" : O.sexSaid(sex), O.ageSaid(age)].filter(Boolean).join(", ");
    const spine = ends.length && e !== null && v !== null ? Charts.spine({ label: "", v: plain(v, kind.dec), e: plain(e, kind.dec), lo: ends[0], q1: ends[1], q3: ends[2], hi: ends[3], flip: kind.polarity < 0, j }) : "";
    const spark = series.filter((number) => number !== null).length > 1 ? Charts.spark({ label: "", v: series, b: breaks, j }) : "";
    const silent = (svg) => svg.replace(/role="img" aria-label=""/, 'aria-hidden="true"');
    return [{ h: `${O.link(O.address("compare", asked), kind.title)}<small>${esc(whom)}</small>` },
      v === null || status !== "h" ? O.valueCell({ v, statusSaid: O.core.statuses[status][1] }, kind) : { t: `${figure(v, kind.dec, kind.unit)} held`, v: plain(v, kind.dec) },
      O.limitCell({ l, u }, kind.dec), O.numberCell(e, kind.dec, kind.unit), v === null ? "" : { h: O.judged(j, said) }, { h: silent(spine) },
      { h: html`<a href="${esc(O.address("trend", asked))}"${way ? ` class="w-${way}"` : ""}>${esc(trend || "See the series")}<span class="sr">: ${esc(kind.title)}</span></a>` },
      { h: silent(spark) }, period, [goal ? `Goal: ${goal.toLowerCase()}` : "", flags, v === null || status === "h" || j === "not_compared" ? why : ""].filter(Boolean).join("; ")];
  }

  O.views.trend = async (state) => {
    const kind = O.kind(state.i);
    const area = O.area(state.a);
    const series = O.seriesAsked(await O.load(`i/${kind.id}`), state);
    const data = await O.indicator(kind.id, [series]);
    const summed = (await O.load(`a/${area.code}`)).rows.find((row) => row[0] === kind.index && row[1] === series);
    const block = data.blocks.find((each) => each.s === series && each.k === area.level);
    const cells = (block ? block.periods : []).map((period) => ({ period, cell: O.cell(data, series, area, period), whole: england() ? O.cell(data, series, england(), period) : null }));
    const whom = [kind.unit, O.seriesSaid(data.series[series], false)].filter(Boolean).join(", ");
    const found = cells.filter(({ cell }) => cell);
    if (!found.length) return nothing(kind, area, "has no value of this series in the release");
    const points = cells.map(({ period, cell }) => ({ p: data.periods[period][0], v: cell ? plain(cell.v, kind.dec) : null, l: cell && plain(cell.l, kind.dec), u: cell && plain(cell.u, kind.dec), j: cell ? cell.j : "", s: cell ? cell.status : "", b: Boolean(cell && cell.flags.includes("break_in_series")), w: cell ? cell.flags.filter((flag) => flag === "provisional").join("") : "" }));
    const isWhole = area.code === england().code;
    const ref = isWhole ? null : { n: "England", v: cells.map(({ whole }) => (whole ? plain(whole.v, kind.dec) : null)) };
    const last = [...found].reverse().find(({ cell }) => cell.v !== null);
    const way = summed ? summed[9] : "";
    const label = `${kind.title}, ${area.name}: ${found.length} periods${way ? `; ${way.toLowerCase()}` : ""}. The table below has the same figures.`;
    const head = ["Period", { t: `Value (${kind.unit || "number"})`, n: 1 }, O.LIMITS, { t: "England", n: 1 }, "Compared with England", "Notes"];
    const rows = found.map(({ period, cell, whole }) => ({ cells: [data.periods[period][0], O.valueCell(cell, kind), O.limitCell(cell, kind.dec), O.numberCell(whole && whole.v, kind.dec, kind.unit), cell.v === null || isWhole ? "" : { h: O.judged(cell.j, cell.said) }, O.noteOf({ cell, j: cell.j })] }));
    const caption = `${kind.title}, ${whom}, ${area.name}`;
    return { title: kind.title, over: `${area.name}: ${whom}`, said: `${kind.title}, ${area.name}, ${found.length} periods.`,
      about: { title: kind.title, area: area.name, comparator: "England", period: `${points[0].p} to ${points[points.length - 1].p}`, whom, source: O.sources(found), notes: O.notesOf(found) },
      html: html`<p class="lead">${last ? html`${esc(area.name)} has <strong>${esc(figure(last.cell.v, kind.dec, kind.unit))}</strong>${esc(unitSaid(kind))} in ${esc(data.periods[last.period][0])}${O.than(last.cell) ? `, ${O.than(last.cell)}` : ""}. ` : ""}${way ? html`Over its latest five years: <strong>${esc(way)}</strong>.` : "No trend is given for this series."}</p>`
        + O.figureOf("trend", caption, Charts.trend({ label, unit: kind.unit, name: area.name, points, ref, width: O.width() }), "A break is where the source or the method changed: values on its two sides are not joined. Held values are the last good ones.")
        + O.section("table", "The same as a table", O.table(caption, head, rows) + O.csvButton(caption)) };
  };

  const nothing = (kind, area, what) => ({ title: kind.title, over: area.name, html: html`<p class="lead">${esc(area.name)} ${esc(what)}.</p>`, said: "No values.", about: { title: kind.title } });
  const MEASURES = { absolute_gap: "Gap", relative_gap: "Ratio", sii: "Slope index of inequality (SII)", rii: "Relative index of inequality (RII)" };

  O.views.inequalities = async (state) => {
    const kind = O.kind(state.i);
    const area = O.area(state.a);
    const all = O.hasGaps(kind) ? (await O.load(`q/${kind.id}`)).cuts : [];
    const names = gapNames(all, area.level);
    if (!names.length) return nothing(kind, area, html`has no groups to compare for this indicator. ${all.length ? `Groups are published for: ${[...new Set(all.map((cut) => O.levelName(cut.l)))].join(", ")}` : "Its publisher cuts it by neither deprivation, sex nor ethnicity"}`);
    const chosen = names.find(([id]) => id === state.d) || names[0];
    const cuts = all.filter((cut) => cut.l === area.level && cutId(cut) === chosen[0]);
    const [dimension, cutType, , sex, age, segment, type] = cuts[0].cut;
    const base = await O.load(`i/${kind.id}`);
    const groups = base.series.map((series, index) => ({ series, index })).filter(({ series }) => series[0] === type && series[2] === age && series[3] === segment
      && (dimension === "sex" ? ["Male", "Female"].includes(series[1]) && series[4] === "all" : series[1] === sex && series[4] === cutType));
    const data = await O.indicator(kind.id, groups.map(({ index }) => index));
    const measured = cuts.map((cut) => seriesOf(cut, area, data)).filter((each) => each.length).map((each, place) => ({ cut: cuts[place], points: each }));
    if (!measured.length) return nothing(kind, area, "has no groups to compare for this indicator");
    const newest = measured[0].points[measured[0].points.length - 1];
    return inequalities(kind, area, data, groups, measured, newest, chosen[1]);
  };

  const cutId = ({ cut }) => [cut[0], cut[1], cut[3], cut[4]].join("|");
  O.hasGaps = (kind) => Boolean(kind) && O.core.gaps.includes(kind.index);
  function gapNames(cuts, level) {
    const said = (dimension) => O.core.words.dimensions[dimension] || `by ${dimension}`;
    const found = cuts.filter((cut) => cut.l === level).map((cut) => [cutId(cut), [said(cut.cut[0]), cut.cut[0] === "sex" ? "" : O.sexSaid(cut.cut[3]), O.ageSaid(cut.cut[4]), cut.cut[1] === "all" ? "" : cut.cut[1]].filter(Boolean).join(", ")]);
    return [...new Map(found.sort((a, b) => a[1].localeCompare(b[1])))];
  }
  O.gapNames = gapNames;

  function seriesOf(cut, area, data) {
    const areas = cut.a.split(",").map(Number);
    const column = areas.indexOf(area.index);
    if (column < 0) return [];
    const at = (name, place) => O.grid(cut, name, 0)[place];
    ["v", "lo", "up", "g", "w"].forEach((name) => { if (!cut[`_${name}`]) cut[`_${name}`] = cut[name].split(",").map(O.whole); });
    return cut.p.split(",").map(Number).map((period, row) => {
      const place = row * areas.length + column;
      return { period, p: data.periods[period][0], v: at("v", place), l: at("lo", place), u: at("up", place), groups: cut.groups[at("g", place)] || [], why: cut.reasons[at("w", place)] || "" };
    }).filter((point) => point.v !== null || point.why);
  }

  function inequalities(kind, area, data, groups, measured, newest, by) {
    const name = (series) => (series[5] === "all" ? O.sexSaid(series[1]) : series[5]);
    const rows = groups.map(({ series, index }) => ({ n: name(series), cell: O.cell(data, index, area, newest.period) || O.NO_CELL }))
      .map(({ n, cell }) => ({ n, cell, v: plain(cell.v, kind.dec), l: plain(cell.l, kind.dec), u: plain(cell.u, kind.dec), t: figure(cell.v, kind.dec, kind.unit), note: cell.statusSaid || "no value" }))
      .sort((a, b) => order(a.n) - order(b.n) || a.n.localeCompare(b.n));
    const caption = `${kind.title} ${by}, ${area.name}, ${newest.p}`;
    const parts = [html`<p class="lead">${measured.map(({ cut, points }) => said(cut, points[points.length - 1], kind)).filter(Boolean).join(" ")}</p>`];
    parts.push(O.figureOf("gap", caption, Charts.gap({ label: `${caption}. The table below has the same figures.`, unit: kind.unit, rows, width: O.width() })));
    parts.push(O.table(caption, ["Group", { t: `Value (${kind.unit || "number"})`, n: 1 }, O.LIMITS, "Notes"], rows.map(({ n, cell }) => ({ cells: [n, O.valueCell(cell, kind), O.limitCell(cell, kind.dec), O.noteOf({ cell, j: "" })] }))));
    measured.forEach(({ cut, points }) => {
      const title = MEASURES[cut.cut[2]] || cut.cut[2];
      const ratio = ["rii", "relative_gap"].includes(cut.cut[2]);
      const drawn = points.map((point) => ({ p: point.p, v: plain(point.v, cut.dec), l: plain(point.l, cut.dec), u: plain(point.u, cut.dec), j: "no_judgement", s: "" }));
      const text = `${title} over time: ${kind.title} ${by}, ${area.name}`;
      parts.push(O.section(`m-${cut.cut[2]}`, `${title} over time`, O.figureOf(cut.cut[2], text, Charts.trend({ label: `${text}. The table has the same figures.`, unit: ratio ? "ratio" : kind.unit, name: area.name, points: drawn, zero: !ratio, width: O.width() }))
        + O.table(text, ["Period", { t: title, n: 1 }, O.LIMITS, "Between", "Notes"], points.map((point) => ({ cells: [point.p, O.numberCell(point.v, cut.dec), O.limitCell(point, cut.dec), point.groups.length ? `${O.sexSaid(point.groups[1])} against ${O.sexSaid(point.groups[0])}` : "", point.why] })))));
    });
    parts.push(O.csvButton("all of these"));
    return { title: kind.title, over: `Inequalities ${by}, ${area.name}`, html: parts.join(""), said: `${caption}.`, about: { title: `${kind.title} ${by}`, area: area.name, comparator: "between groups", period: newest.p, source: O.sources(rows), notes: [] } };
  }

  /* Deprivation runs from most to least; what has no such word keeps its place by name. */
  function order(name) {
    const most = ["most deprived", "second most", "third more", "fourth more", "fifth more", "fifth less", "fourth less", "third less", "second least", "least deprived"];
    return most.findIndex((word) => name.toLowerCase().startsWith(word));
  }
  function said(cut, point, kind) {
    if (point.v === null) return "";
    const [from, to] = point.groups;
    const when = esc(point.p);
    if (to && cut.cut[2] === "absolute_gap") {
      /* As the pages say it: of a lower group, how much lower it is and may be. */
      const sign = point.v < 0 ? -1 : 1;
      const between = point.l === null ? "" : ` (${[point.l * sign, point.u * sign].sort((a, b) => a - b).map((limit) => figure(limit, cut.dec)).join(" to ")})`;
      return html`In ${when}: ${esc(O.sexSaid(to))} <strong>${figure(point.v * sign, cut.dec)}${esc(apartBy(kind))} ${sign < 0 ? "lower" : "higher"}</strong> than ${esc(O.sexSaid(from).toLowerCase())}${between}.`;
    }
    const words = { absolute_gap: "The gap", sii: "The slope index", rii: "The relative index", relative_gap: "The ratio" }[cut.cut[2]];
    return html`${words} in ${when} is <strong>${esc(figure(point.v, cut.dec))}</strong>${esc(["rii", "relative_gap"].includes(cut.cut[2]) ? "" : apartBy(kind))}${point.l === null ? "" : ` (${limits(point, cut.dec)})`}.`;
  }

  O.views.indicator = async (state) => {
    const kind = O.kind(state.i);
    const series = O.seriesAsked(await O.load(`i/${kind.id}`), state);
    const data = await O.indicator(kind.id, [series]);
    const [counted, of, titles, codes] = (await O.load("search")).kinds[kind.index];
    const area = O.area(state.a) || england();
    const about = O.subject(data, Object.assign({}, state, { k: O.core.levels[area.level][0] }));
    const blocks = data.blocks.find((block) => block.s === series && block.k === area.level);
    const named = blocks ? blocks.periods.find((period) => data.periods[period][0] === state.p) : undefined;
    const period = named === undefined ? (blocks ? blocks.periods[blocks.periods.length - 1] : about.period) : named;
    const cell = period === undefined ? null : O.cell(data, series, area, period);
    const facts = (list) => html`<dl class="facts">${list.filter(([, value]) => value).map(([name, value]) => html`<dt>${esc(name)}</dt><dd>${value.h || esc(value)}</dd>`).join("")}</dl>`;
    const value = cell ? [["Area", area.name], ["Period", data.periods[period][0]], ["Of whom", O.seriesSaid(data.series[series], true)],
      ["Value", cell.v === null ? cell.statusSaid : `${figure(cell.v, kind.dec, kind.unit)}${unitSaid(kind)}`], ["95% limits", limits(cell, kind.dec)], ["Counted", figure(cell.n, data.counts[0])], ["Out of", figure(cell.d, data.counts[1])],
      ["Compared with England", cell.v === null ? "" : { h: O.judged(cell.j, cell.said) }], ["Why", cell.why], ["Status", cell.statusSaid], ["Bear in mind", O.flagged(cell.flags)],
      ["Source", cell.source], ["Made by", cell.origin === "computed" ? "Worked out here from counts" : "The publisher: its own value"], ["Files and checks", { h: O.link(`indicators/${kind.id}.html#lineage`, "The files it may come from, and the checks that were made") }], ["Its whole history", { h: html`<code>outcomes explain ${esc(kind.id)} ${esc(area.code)} "${esc(data.periods[period][0])}"</code>` }]] : [["Area", area.name], ["Value", "The release has none"]];
    const polarity = { 1: "A higher value is better", "-1": "A lower value is better" }[kind.polarity] || "Neither is called better";
    return { title: kind.title, over: "Indicator", said: `${kind.title}.`, about: { title: kind.title },
      html: O.section("value", "This value", facts(value)) + O.section("about", "What it is", facts([["Counted", counted], ["Out of", of], ["Unit", kind.unit], ["Which way is good", polarity], ["Among areas", kind.refused], ["Also called", titles], ["Codes", codes], ["Owner", kind.owner.replace(/-/g, " ")], ["Outcome types", kind.types.join(", ").replace(/_/g, " ")], ["Programmes", kind.programmes.join(", ")]]))
        + html`<p>${O.link(`indicators/${kind.id}.html`, "The whole definition: method, sources, checks, caveats, frameworks and downloads")}</p>` };
  };
})();
