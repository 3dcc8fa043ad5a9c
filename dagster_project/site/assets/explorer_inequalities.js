/* For whom: the groups of an indicator in one area, and how far apart they are over time. */

(() => {
  "use strict";

  const {
    esc,
    figure,
    limits,
    listed,
    groupWithin,
    words,
    sexSaid,
    ageSaid,
    levelName,
    table,
    number,
    numberCell,
    limitCell,
    valueCell,
    valueHead,
    csvButton,
    figureOf,
    section,
    noteOf,
    unitSaid,
    LIMITS,
    nothing,
    drawn,
  } = O;

  const apartBy = (kind) => (kind.unit === "%" ? " percentage points" : unitSaid(kind));

  /* The measures of inequality that the release has, by the groups they are of. */
  O.cutsOf = async (kind) => (O.core.gaps.includes(kind.index) ? (await O.load(`q/${kind.id}`)).cuts : []);
  const cutId = ({ cut: [dimension, type, , sex, age] }) => listed([dimension, type, sex, age], "|");
  O.gapNames = (cuts, level) => {
    const said = ({ cut: [dimension, type, , sex, age] }) =>
      listed([
        words("dimensions")[dimension] || `by ${dimension}`,
        dimension === "sex" ? "" : sexSaid(sex),
        ageSaid(age),
        type === "all" ? "" : type,
      ]);
    return [
      ...new Map(
        cuts
          .filter((cut) => cut.l === level)
          .map((cut) => [cutId(cut), said(cut)])
          .sort((a, b) => a[1].localeCompare(b[1])),
      ),
    ];
  };

  O.views.inequalities = async (state) => {
    const kind = O.kind(state.i);
    const area = O.area(state.a);
    const all = await O.cutsOf(kind);
    const names = O.gapNames(all, area.level);
    if (!names.length)
      return nothing(
        kind,
        area,
        `has no groups to compare for this indicator. ${all.length ? `Groups are published for: ${listed([...new Set(all.map((cut) => levelName(cut.l)))])}` : "Its publisher cuts it by neither deprivation, sex nor ethnicity"}`,
      );
    const [id, by] = names.find(([name]) => name === state.d) || names[0];
    const cuts = all.filter((cut) => cut.l === area.level && cutId(cut) === id);
    const [dimension, cutType, , sex, age, segment, type] = cuts[0].cut;
    const isGroup = (series) =>
      series[0] === type &&
      series[2] === age &&
      series[3] === segment &&
      (dimension === "sex"
        ? ["Male", "Female"].includes(series[1]) && series[4] === "all"
        : series[1] === sex && series[4] === cutType);
    const groups = (await O.load(`i/${kind.id}`)).series
      .map((series, index) => ({ series, index }))
      .filter(({ series }) => isGroup(series));
    const data = await O.indicator(
      kind.id,
      groups.map(({ index }) => index),
    );
    const measured = cuts
      .map((cut) => ({ ...cut, measure: cut.cut[2], points: pointsOf(cut, area, data) }))
      .filter(({ points }) => points.length);
    if (!measured.length) return nothing(kind, area, "has no groups to compare for this indicator");
    return inequalities(kind, area, data, groups, measured, by);
  };

  function pointsOf(cut, area, data) {
    const areas = O.numbers(cut.a);
    const column = areas.indexOf(area.index);
    const [v, lo, up, g, w] = ["v", "lo", "up", "g", "w"].map((name) => O.numbers(cut[name]));
    return column < 0
      ? []
      : O.numbers(cut.p)
          .map((period, row) => {
            const place = row * areas.length + column;
            return {
              period,
              p: data.periods[period][0],
              v: v[place],
              l: lo[place],
              u: up[place],
              groups: cut.groups[g[place]] || [],
              why: cut.reasons[w[place]] || "",
            };
          })
          .filter((point) => point.v !== null || point.why);
  }

  /* Deprivation runs from most to least; what has no such word keeps its place by name. */
  const order = (name) => words("deprivation").findIndex((word) => name.toLowerCase().startsWith(word));
  const isRatio = (measure) => ["rii", "relative_gap"].includes(measure);

  function inequalities(kind, area, data, groups, measured, by) {
    const newest = measured[0].points[measured[0].points.length - 1];
    const rows = groups
      .map(({ series, index }) => ({
        n: series[5] === "all" ? sexSaid(series[1]) : series[5],
        cell: O.cell(data, index, area, newest.period) || O.NO_CELL,
      }))
      .map(({ n, cell }) => ({
        n,
        cell,
        ...drawn(cell, kind.dec),
        t: figure(cell.v, kind.dec, kind.unit),
        note: cell.statusSaid,
      }))
      .sort((a, b) => order(a.n) - order(b.n) || a.n.localeCompare(b.n));
    const title = `${kind.title} ${by}`;
    const caption = `${title}, ${area.name}, ${newest.p}`;
    const parts = [
      `<p class="lead">${listed(
        measured.map((each) => said(each, kind)),
        " ",
      )}</p>`,
      figureOf("gap", caption, "gap", { unit: kind.unit, rows }),
      table(
        caption,
        ["Group", valueHead(kind), LIMITS, "Notes"],
        rows.map(({ n, cell }) => ({
          cells: [n, valueCell(cell, kind), limitCell(cell, kind.dec), noteOf(cell, "")],
        })),
      ),
      ...measured.map((each) => overTime(each, kind, area, title)),
      csvButton("all of these"),
    ];
    return {
      title: kind.title,
      over: `Inequalities ${by}, ${area.name}`,
      html: parts.join(""),
      said: `${caption}.`,
      about: {
        title,
        area: area.name,
        comparator: "between groups",
        period: newest.p,
        source: O.sources(rows),
      },
    };
  }

  function overTime({ measure, dec, points }, kind, area, title) {
    const name = words("measures")[measure][0];
    const text = `${name} over time: ${title}, ${area.name}`;
    const spec = {
      unit: isRatio(measure) ? "ratio" : kind.unit,
      name: area.name,
      points: points.map((point) => ({ p: point.p, ...drawn(point, dec), j: "no_judgement" })),
      zero: !isRatio(measure),
    };
    const rows = points.map((point) => ({
      cells: [
        point.p,
        numberCell(point.v, dec),
        limitCell(point, dec),
        point.groups.map(sexSaid).reverse().join(" against "),
        point.why,
      ],
    }));
    return section(
      `m-${measure}`,
      `${name} over time`,
      figureOf(measure, text, "trend", spec) +
        table(text, ["Period", number(name), LIMITS, "Between", "Notes"], rows),
    );
  }

  function said({ measure, dec, points }, kind) {
    const {
      p,
      v,
      l,
      u,
      groups: [from, to],
    } = points[points.length - 1];
    if (v === null) return "";
    if (to && measure === "absolute_gap") {
      /* As the pages say it: of a lower group, how much lower it is and may be. */
      const sign = v < 0 ? -1 : 1;
      const [low, high] = [l * sign, u * sign].sort((a, b) => a - b);
      return `In ${esc(p)}: ${esc(sexSaid(to))} <strong>${figure(v * sign, dec)}${esc(apartBy(kind))} ${sign < 0 ? "lower" : "higher"}</strong> than ${esc(groupWithin(from))}${l === null ? "" : ` (${limits({ l: low, u: high }, dec)})`}.`;
    }
    return `${words("measures")[measure][1]} in ${esc(p)} is <strong>${esc(figure(v, dec))}</strong>${esc(isRatio(measure) ? "" : apartBy(kind))}${l === null ? "" : ` (${limits({ l, u }, dec)})`}.`;
  }
})();
