/* Views of one area (its summary, a series over time, its inequalities) and of one indicator. */

(() => {
  "use strict";

  const {
    esc, figure, limits, plain, drawn, listed, within, words, sexSaid, ageSaid, levelName, link, address, table, number, numberCell, limitCell, valueCell,
    valueHead, judgedCell, csvButton, figureOf, section, sameAsTable, wanted, noteOf, gathered, unitSaid, LIMITS,
  } = O;
  const england = () => O.firstOf("england");
  const apartBy = (kind) => (kind.unit === "%" ? " percentage points" : unitSaid(kind));

  /* How the indicators of a summary may be grouped: a framework's parts, or what frameworks say. */
  O.groupings = () => [
    ...O.core.frameworks.filter(([, , , parts]) => parts.some(([, kinds]) => kinds.length)).map(([id, name, part]) => [id, `${name} (by ${part})`]),
    ...Object.entries(words("groupings")).filter(([by]) => by === "all" || O.core.kinds.some((kind) => kind[by].length)),
  ];
  function groupsOf(by) {
    const framework = O.core.frameworks.find(([id]) => id === by);
    if (framework) return framework[3].filter(([, kinds]) => kinds.length);
    if (by === "all") return [["All indicators", O.core.kinds.map((kind) => kind.index)]];
    return gathered(O.core.kinds.flatMap((kind) => [kind[by]].flat().filter(Boolean).map((name) => [name, kind.index])))
      .sort((a, b) => a[0].localeCompare(b[0])).map(([name, kinds]) => [(name[0].toUpperCase() + name.slice(1)).replace(/[_-]/g, " "), kinds]);
  }

  O.views.area = async ({ a, f, w }) => {
    const area = O.area(a);
    const rows = (await O.load(`a/${area.code}`)).rows.map((row) => rowOf(...row));
    const [by, grouped] = O.groupings().find(([id]) => id === f) || O.groupings()[0];
    const groups = groupsOf(by);
    const counted = new Set(groups.flatMap(([, kinds]) => kinds));
    const tally = Object.fromEntries(Object.values(O.core.judgements).map(([, said]) => [said.toLowerCase(), 0]));
    rows.filter((row) => counted.has(row.kind.index)).forEach(({ v, said }) => {
      const name = v === null ? "without a value" : said.toLowerCase();
      tally[name] = (tally[name] || 0) + 1;
    });
    const fits = (row) => !w || row.j === w || (w === "moved" && row.way === "worse");
    const found = groups.map(([name, kinds]) => [name, kinds.flatMap((index) => rows.filter((row) => row.kind.index === index && fits(row)))]).filter(([, some]) => some.length);
    const counts = Object.entries(tally).filter(([, count]) => count).map(([said, count]) => `<strong>${count}</strong> ${esc(said)}`);
    const parts = [`<p class="lead">Against England: ${listed(counts) || "no values"}.</p>`, O.key(),
      `<p class="small">The spread shows where ${esc(area.name)} lies among ${esc(within(levelName(area.level)))}: ${esc(words("notes").spread)}</p>`,
      ...found.map(([name, some], index) => section(`g${index}`, name, table(name, SUMMARY(), some.map((row) => ({ cells: summaryRow(row, area) })))))];
    if (found.length) parts.push(csvButton("all groups"), `<p>${link(`areas/${area.code}.html`, `${area.name} as a page to read and print`)}</p>`);
    else parts.push(`<p>${esc(area.name)} has no indicator that fits what was asked for.</p>`);
    return { title: area.name, over: `Area summary, ${levelName(area.level)}`, html: parts.join(""), said: `${area.name}: ${rows.length} values.`,
      about: { title: `${area.name}: area summary, ${grouped}`, area: area.name, comparator: "England", period: "the newest of each indicator", source: "as each indicator's page says" } };
  };

  /* A row of an area's file by name; the order is that of explorer_areas.py. */
  function rowOf(index, series, period, sex, age, [v, l, u, e], letter, status, why, trend, way, points, breaks, ends, goal, flags) {
    const [j, said] = O.core.judgements[letter];
    return { kind: O.core.kinds[index], period, sex, age, v, l, u, e, j, said, status, statusSaid: O.core.statuses[status][1], why, trend, way, points, breaks, ends, goal, flags };
  }

  const SUMMARY = () => ["Indicator", number("Value"), LIMITS, number("England"), "Compared with England", "Where it lies", "Trend over five years", "Series", "Data", "Notes"];
  /* Charts of a table's row are silent: its cells say the same in words. */
  const silent = (kind, spec) => ({ h: Charts[kind]({ label: "", ...spec }).replace('role="img" aria-label=""', 'aria-hidden="true"') });
  function summaryRow(row, area) {
    const { kind, v, e, j, ends, way, status } = row;
    const sex = row.sex === "Persons" ? "" : row.sex;
    const asked = { i: kind.id, a: area.code, s: sex };
    const value = valueCell(row, kind);
    if (v !== null && status === "h") value.t += " held";
    const [lo, q1, q3, hi] = ends;
    return [{ h: `${link(address("compare", asked), kind.title)}<small>${esc(listed([kind.unit, sexSaid(sex), ageSaid(row.age)]))}</small>` },
      value, limitCell(row, kind.dec), numberCell(e, kind.dec, kind.unit), judgedCell(row, j, row.said),
      ends.length && e !== null && v !== null ? silent("spine", { v: plain(v, kind.dec), e: plain(e, kind.dec), lo, q1, q3, hi, flip: kind.polarity < 0, j }) : "",
      { h: `<a href="${esc(address("trend", asked))}"${way ? ` class="w-${way}"` : ""}>${esc(row.trend || "See the series")}<span class="sr">: ${esc(kind.title)}</span></a>` },
      row.points.filter((point) => point !== null).length > 1 ? silent("spark", { v: row.points, b: row.breaks, j }) : "",
      row.period, listed([row.goal && `Goal: ${row.goal.toLowerCase()}`, row.flags, v === null || status === "h" || j === "not_compared" ? row.why : ""], "; ")];
  }

  O.views.trend = async (state) => {
    const { kind, series, data, whom, area } = await wanted(state);
    const way = (await O.load(`a/${area.code}`)).rows.find((row) => row[0] === kind.index && row[1] === series)?.[9];
    const isWhole = area === england();
    const cells = (O.blockOf(data, series, area.level)?.periods || []).map((period) =>
      ({ p: data.periods[period][0], cell: O.cell(data, series, area, period), whole: england() ? O.cell(data, series, england(), period) : null }));
    const found = cells.filter(({ cell }) => cell);
    if (!found.length) return nothing(kind, area, "has no value of this series in the release");
    const points = cells.map(({ p, cell }) => ({ p, ...drawn(cell || O.NO_CELL, kind.dec), j: cell?.j, s: cell?.status, b: cell?.flags.includes("break_in_series"), w: cell?.flags.includes("provisional") ? "provisional" : "" }));
    const others = cells.map(({ whole }) => plain(whole?.v, kind.dec));
    const ref = isWhole || others.every((value) => value === null) ? null : { n: "England", v: others };
    const last = found.filter(({ cell }) => cell.v !== null).pop();
    const than = last && O.than(last.cell);
    const caption = `${kind.title}, ${whom}, ${area.name}`;
    const rows = found.map(({ p, cell, whole }) => ({ cells: [p, valueCell(cell, kind), limitCell(cell, kind.dec), numberCell(whole?.v, kind.dec, kind.unit), isWhole ? "" : judgedCell(cell, cell.j, cell.said), noteOf(cell, cell.j)] }));
    const label = `${kind.title}, ${area.name}: ${found.length} periods${way ? `; ${way.toLowerCase()}` : ""}`;
    return { title: kind.title, over: `${area.name}: ${whom}`, said: `${kind.title}, ${area.name}, ${found.length} periods.`,
      about: { title: kind.title, area: area.name, comparator: "England", period: `${points[0].p} to ${points[points.length - 1].p}`, whom, source: O.sources(found), notes: O.notesOf(found) },
      html: `<p class="lead">${last ? `${esc(area.name)} has <strong>${esc(figure(last.cell.v, kind.dec, kind.unit))}</strong>${esc(unitSaid(kind))} in ${esc(last.p)}${than ? `, ${than}` : ""}. ` : ""}${way ? `Over its latest five years: <strong>${esc(way)}</strong>.` : "No trend is given for this series."}</p>`
        + figureOf("trend", caption, "trend", { label, unit: kind.unit, name: area.name, points, ref }, words("notes").trend)
        + sameAsTable(caption, ["Period", valueHead(kind), LIMITS, number("England"), "Compared with England", "Notes"], rows) };
  };

  const nothing = (kind, area, what) => ({ title: kind.title, over: area.name, html: `<p class="lead">${esc(area.name)} ${esc(what)}.</p>`, said: "No values.", about: { title: kind.title } });

  /* The measures of inequality that the release has, by the groups they are of. */
  O.cutsOf = async (kind) => (O.core.gaps.includes(kind.index) ? (await O.load(`q/${kind.id}`)).cuts : []);
  const cutId = ({ cut: [dimension, type, , sex, age] }) => listed([dimension, type, sex, age], "|");
  O.gapNames = (cuts, level) => {
    const said = ({ cut: [dimension, type, , sex, age] }) => listed([words("dimensions")[dimension] || `by ${dimension}`, dimension === "sex" ? "" : sexSaid(sex), ageSaid(age), type === "all" ? "" : type]);
    return [...new Map(cuts.filter((cut) => cut.l === level).map((cut) => [cutId(cut), said(cut)]).sort((a, b) => a[1].localeCompare(b[1])))];
  };

  O.views.inequalities = async (state) => {
    const kind = O.kind(state.i);
    const area = O.area(state.a);
    const all = await O.cutsOf(kind);
    const names = O.gapNames(all, area.level);
    if (!names.length) return nothing(kind, area, `has no groups to compare for this indicator. ${all.length ? `Groups are published for: ${listed([...new Set(all.map((cut) => levelName(cut.l)))])}` : "Its publisher cuts it by neither deprivation, sex nor ethnicity"}`);
    const [id, by] = names.find(([name]) => name === state.d) || names[0];
    const cuts = all.filter((cut) => cut.l === area.level && cutId(cut) === id);
    const [dimension, cutType, , sex, age, segment, type] = cuts[0].cut;
    const isGroup = (series) => series[0] === type && series[2] === age && series[3] === segment
      && (dimension === "sex" ? ["Male", "Female"].includes(series[1]) && series[4] === "all" : series[1] === sex && series[4] === cutType);
    const groups = (await O.load(`i/${kind.id}`)).series.map((series, index) => ({ series, index })).filter(({ series }) => isGroup(series));
    const data = await O.indicator(kind.id, groups.map(({ index }) => index));
    const measured = cuts.map((cut) => ({ ...cut, measure: cut.cut[2], points: pointsOf(cut, area, data) })).filter(({ points }) => points.length);
    if (!measured.length) return nothing(kind, area, "has no groups to compare for this indicator");
    return inequalities(kind, area, data, groups, measured, by);
  };

  function pointsOf(cut, area, data) {
    const areas = O.numbers(cut.a);
    const column = areas.indexOf(area.index);
    const [v, lo, up, g, w] = ["v", "lo", "up", "g", "w"].map((name) => O.numbers(cut[name]));
    return column < 0 ? [] : O.numbers(cut.p).map((period, row) => {
      const place = row * areas.length + column;
      return { period, p: data.periods[period][0], v: v[place], l: lo[place], u: up[place], groups: cut.groups[g[place]] || [], why: cut.reasons[w[place]] || "" };
    }).filter((point) => point.v !== null || point.why);
  }

  /* Deprivation runs from most to least; what has no such word keeps its place by name. */
  const order = (name) => words("deprivation").findIndex((word) => name.toLowerCase().startsWith(word));
  const isRatio = (measure) => ["rii", "relative_gap"].includes(measure);

  function inequalities(kind, area, data, groups, measured, by) {
    const newest = measured[0].points[measured[0].points.length - 1];
    const rows = groups.map(({ series, index }) => ({ n: series[5] === "all" ? sexSaid(series[1]) : series[5], cell: O.cell(data, index, area, newest.period) || O.NO_CELL }))
      .map(({ n, cell }) => ({ n, cell, ...drawn(cell, kind.dec), t: figure(cell.v, kind.dec, kind.unit), note: cell.statusSaid }))
      .sort((a, b) => order(a.n) - order(b.n) || a.n.localeCompare(b.n));
    const title = `${kind.title} ${by}`;
    const caption = `${title}, ${area.name}, ${newest.p}`;
    const parts = [`<p class="lead">${listed(measured.map((each) => said(each, kind)), " ")}</p>`,
      figureOf("gap", caption, "gap", { unit: kind.unit, rows }),
      table(caption, ["Group", valueHead(kind), LIMITS, "Notes"], rows.map(({ n, cell }) => ({ cells: [n, valueCell(cell, kind), limitCell(cell, kind.dec), noteOf(cell, "")] }))),
      ...measured.map((each) => overTime(each, kind, area, title)), csvButton("all of these")];
    return { title: kind.title, over: `Inequalities ${by}, ${area.name}`, html: parts.join(""), said: `${caption}.`, about: { title, area: area.name, comparator: "between groups", period: newest.p, source: O.sources(rows) } };
  }

  function overTime({ measure, dec, points }, kind, area, title) {
    const name = words("measures")[measure][0];
    const text = `${name} over time: ${title}, ${area.name}`;
    const spec = { unit: isRatio(measure) ? "ratio" : kind.unit, name: area.name, points: points.map((point) => ({ p: point.p, ...drawn(point, dec), j: "no_judgement" })), zero: !isRatio(measure) };
    const rows = points.map((point) => ({ cells: [point.p, numberCell(point.v, dec), limitCell(point, dec), point.groups.map(sexSaid).reverse().join(" against "), point.why] }));
    return section(`m-${measure}`, `${name} over time`, figureOf(measure, text, "trend", spec) + table(text, ["Period", number(name), LIMITS, "Between", "Notes"], rows));
  }

  function said({ measure, dec, points }, kind) {
    const { p, v, l, u, groups: [from, to] } = points[points.length - 1];
    if (v === null) return "";
    if (to && measure === "absolute_gap") {
      /* As the pages say it: of a lower group, how much lower it is and may be. */
      const sign = v < 0 ? -1 : 1;
      const [low, high] = [l * sign, u * sign].sort((a, b) => a - b);
      return `In ${esc(p)}: ${esc(sexSaid(to))} <strong>${figure(v * sign, dec)}${esc(apartBy(kind))} ${sign < 0 ? "lower" : "higher"}</strong> than ${esc(within(sexSaid(from)))}${l === null ? "" : ` (${limits({ l: low, u: high }, dec)})`}.`;
    }
    return `${words("measures")[measure][1]} in ${esc(p)} is <strong>${esc(figure(v, dec))}</strong>${esc(isRatio(measure) ? "" : apartBy(kind))}${l === null ? "" : ` (${limits({ l, u }, dec)})`}.`;
  }

  O.views.indicator = async (state) => {
    const { kind, series, data, area = england() } = await wanted(state);
    const [counted, of, titles, codes] = (await O.load("search")).kinds[kind.index];
    const periods = O.blockOf(data, series, area.level)?.periods || [];
    const period = periods.find((each) => data.periods[each][0] === state.p) ?? periods[periods.length - 1];
    const cell = period === undefined ? null : O.cell(data, series, area, period);
    const when = cell && data.periods[period][0];
    const value = cell ? [area.name, when, O.seriesSaid(data.series[series], true), cell.v === null ? cell.statusSaid : figure(cell.v, kind.dec, kind.unit) + unitSaid(kind), limits(cell, kind.dec),
      figure(cell.n, data.counts[0]), figure(cell.d, data.counts[1]), judgedCell(cell, cell.j, cell.said), cell.why, cell.statusSaid, O.flagged(cell.flags), cell.source,
      words("made_by")[cell.origin || "published"], { h: link(`indicators/${kind.id}.html#lineage`, words("notes").lineage) }, { h: `<code>outcomes explain ${esc(kind.id)} ${esc(area.code)} "${esc(when)}"</code>` }]
      : [area.name, "", "", "The release has none"];
    const about = [counted, of, kind.unit, words("which_way")[kind.polarity], kind.refused, titles, codes, kind.owner.replace(/-/g, " "), kind.types.join(", ").replace(/_/g, " "), kind.programmes.join(", ")];
    return { title: kind.title, over: "Indicator", said: `${kind.title}.`, about: { title: kind.title },
      html: section("value", "This value", facts(words("facts").value, value)) + section("about", "What it is", facts(words("facts").about, about))
        + `<p>${link(`indicators/${kind.id}.html`, words("notes").definition)}</p>` };
  };
  const facts = (names, values) => `<dl class="facts">${values.map((value, place) => (value ? `<dt>${esc(names[place])}</dt><dd>${value.h ?? esc(value)}</dd>` : "")).join("")}</dl>`;
})();
