/* A series over time in one area; and one indicator: what it is, and where one value of it comes from. */

(() => {
  "use strict";

  const {
    esc,
    figure,
    limits,
    plain,
    words,
    link,
    number,
    numberCell,
    limitCell,
    valueCell,
    valueHead,
    judgedCell,
    figureOf,
    section,
    sameAsTable,
    wanted,
    noteOf,
    unitSaid,
    LIMITS,
    drawn,
  } = O;

  const england = () => O.firstOf("england");

  O.nothing = (kind, area, what) => ({
    title: kind.title,
    over: area.name,
    html: `<p class="lead">${esc(area.name)} ${esc(what)}.</p>`,
    said: "No values.",
    about: { title: kind.title },
  });

  O.views.trend = async (state) => {
    const { kind, series, data, whom, area } = await wanted(state);
    const row = (await O.newest(area)).find((one) => one.kind === kind && one.series === series);
    /* Without a way, what stands there is why no trend is given. */
    const { trend = "", way = null } = row || {};
    const isWhole = area === england();
    const cells = (O.blockOf(data, series, area.level)?.periods || []).map((period) => {
      const cell = O.cell(data, series, area, period);
      const whole = cell?.beside && england() ? O.cell(data, series, england(), period) : null;
      return { p: data.periods[period][0], cell, whole };
    });
    const found = cells.filter(({ cell }) => cell);
    if (!found.length) return O.nothing(kind, area, "has no value of this series in the release");
    const points = cells.map(({ p, cell }) => ({
      p,
      ...drawn(cell || O.NO_CELL, kind.dec),
      j: cell?.j,
      s: cell?.status,
      b: cell?.flags.includes("break_in_series"),
      w: cell?.flags.includes("provisional") ? "provisional" : "",
    }));
    const others = cells.map(({ whole }) => plain(whole?.v, kind.dec));
    const ref = others.every((value) => value === null) ? null : { n: "England", v: others };
    const last = found.filter(({ cell }) => cell.v !== null).pop();
    const than = last && O.than(last.cell);
    const caption = `${kind.title}, ${whom}, ${area.name}`;
    const rows = found.map(({ p, cell, whole }) => ({
      cells: [
        p,
        valueCell(cell, kind),
        limitCell(cell, kind.dec),
        numberCell(whole?.v, kind.dec, kind.unit),
        isWhole ? "" : judgedCell(cell, cell.j, cell.said),
        noteOf(cell, cell.j),
      ],
    }));
    const label = `${kind.title}, ${area.name}: ${found.length} periods${way === null ? "" : `; ${trend.toLowerCase()}`}`;
    const trendSaid =
      way === null
        ? `No trend is given${trend ? `: ${esc(trend.toLowerCase())}` : " for this series"}.`
        : `Over its latest five years: <strong>${esc(trend)}</strong>.`;
    return {
      title: kind.title,
      over: `${area.name}: ${whom}`,
      said: `${kind.title}, ${area.name}, ${found.length} periods.`,
      about: {
        title: kind.title,
        area: area.name,
        comparator: "England",
        period: `${points[0].p} to ${points[points.length - 1].p}`,
        whom,
        source: O.sources(found),
        notes: O.notesOf(found),
      },
      html:
        `<p class="lead">${last ? `${esc(area.name)} has <strong>${esc(figure(last.cell.v, kind.dec, kind.unit))}</strong>${esc(unitSaid(kind))} in ${esc(last.p)}${than ? `, ${than}` : ""}. ` : ""}${trendSaid}</p>` +
        figureOf(
          "trend",
          caption,
          "trend",
          { label, unit: kind.unit, name: area.name, points, ref },
          words("notes").trend,
        ) +
        sameAsTable(
          caption,
          ["Period", valueHead(kind), LIMITS, number("England"), "Compared with England", "Notes"],
          rows,
        ),
    };
  };

  O.views.indicator = async (state) => {
    const { kind, series, data, area = england() } = await wanted(state);
    const [counted, of, titles, codes] = (await O.load("search")).kinds[kind.index];
    const periods = O.blockOf(data, series, area.level)?.periods || [];
    const period = periods.find((each) => data.periods[each][0] === state.p) ?? periods[periods.length - 1];
    const cell = period === undefined ? null : O.cell(data, series, area, period);
    const when = cell && data.periods[period][0];
    const value = cell
      ? [
          area.name,
          when,
          O.seriesSaid(data.series[series], true),
          cell.v === null ? cell.statusSaid : figure(cell.v, kind.dec, kind.unit) + unitSaid(kind),
          limits(cell, kind.dec),
          figure(cell.n, data.counts[0]),
          figure(cell.d, data.counts[1]),
          judgedCell(cell, cell.j, cell.said),
          cell.why,
          cell.statusSaid,
          O.flagged(cell.flags),
          cell.source,
          words("made_by")[cell.origin || "published"],
          { h: link(`indicators/${kind.id}.html#lineage`, words("notes").lineage) },
          { h: `<code>outcomes explain ${esc(kind.id)} ${esc(area.code)} "${esc(when)}"</code>` },
        ]
      : [area.name, "", "", "The release has none"];
    const about = [
      counted,
      of,
      kind.unit,
      words("which_way")[kind.polarity],
      kind.refused,
      titles,
      codes,
      kind.owner.replace(/-/g, " "),
      kind.types.join(", ").replace(/_/g, " "),
      kind.programmes.join(", "),
    ];
    return {
      title: kind.title,
      over: "Indicator",
      said: `${kind.title}.`,
      about: { title: kind.title },
      html:
        section("value", "This value", facts(words("facts").value, value)) +
        section("about", "What it is", facts(words("facts").about, about)) +
        `<p>${link(`indicators/${kind.id}.html`, words("notes").definition)}</p>`,
    };
  };
  const facts = (names, values) =>
    `<dl class="facts">${values.map((value, place) => (value ? `<dt>${esc(names[place])}</dt><dd>${value.h ?? esc(value)}</dd>` : "")).join("")}</dl>`;
})();
