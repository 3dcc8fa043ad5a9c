/* Compare areas: ranked bars, map, funnel and table of one level, and who isn't among them and why. */

(() => {
  "use strict";

  const {
    esc,
    figure,
    plain,
    drawn,
    listed,
    seriesNamed,
    levelName,
    link,
    address,
    figureOf,
    section,
    byReason,
    words,
  } = O;

  /* The areas of a level: districts are told with the unitary authorities that have their tasks too. */
  const typeOf = (level) => O.core.levels[level][0];
  const ofLevel = (level) =>
    O.core.areas.filter(
      (area) => area.level === level || (typeOf(level) === "district" && area.type === "utla" && area.isLtla),
    );

  /* What a view of one series is about: level, periods, the period asked for. */
  function subject({ data, series }, state) {
    const levels = [
      ...new Set(data.where.filter(([each]) => each === series).map(([, level]) => level)),
    ].filter((level) => typeOf(level) !== "england");
    const wanted = [O.core.levels.findIndex(([type]) => type === state.k), O.area(state.a)?.level].find(
      (level) => levels.includes(level),
    );
    const level =
      wanted ??
      [...levels].sort(
        (a, b) => hasValues(data, series, b) - hasValues(data, series, a) || sizeOf(b) - sizeOf(a),
      )[0] ??
      0;
    const periods = O.blockOf(data, series, level)?.periods || [];
    return {
      level,
      levels,
      periods,
      period: periods.find((period) => data.periods[period][0] === state.p) ?? periods[periods.length - 1],
    };
  }
  /* Whether any area of a level has a value in the newest period: a level without any isn't opened unasked. */
  function hasValues(data, series, level) {
    const block = O.blockOf(data, series, level);
    const across = data.lists[block.a].length;
    return O.grid(block, "v", across * block.periods.length)
      .slice(-across)
      .some((value) => value !== null);
  }
  const sizeOf = (level) => (typeOf(level) === "utla" ? 1000 : ofLevel(level).length);

  O.subject = subject;
  O.views.compare = async (state) => {
    const about = await O.wanted(state);
    Object.assign(about, subject(about, state));
    const type = typeOf(about.level);
    return compare(about, state, O.core.maps.includes(type) ? await O.load(`m/${type}`) : null);
  };

  function compare(about, state, outlines) {
    const { kind, data, series, level, period, whom } = about;
    const byRegion = state.c === "region";
    const england = O.firstOf("england");
    const whole = england && O.cell(data, series, england, period);
    const rows = ofLevel(level)
      .map((area) => rowOf(area, O.cell(data, series, area, period), byRegion, state.a))
      .filter((row) => row);
    const ranked = state.r !== "name" && !kind.refused;
    const shown = rows
      .filter((row) => row.has)
      .sort((a, b) => (ranked ? b.cell.v - a.cell.v : 0) || a.area.name.localeCompare(b.area.name));
    const missing = rows.filter((row) => !row.has);
    const when = data.periods[period]?.[0] || "";
    const chosen = rows.find((row) => row.marked);
    /* England's value stands only beside areas that the release sets it beside. */
    const ref =
      whole && whole.v !== null && !byRegion && shown.some(({ cell }) => cell.beside)
        ? { n: "England", v: plain(whole.v, kind.dec), t: figure(whole.v, kind.dec, kind.unit) }
        : null;
    const said = { ...about, when, whole, byRegion, against: byRegion ? "their region" : "England" };

    const pictures = [barsOf(shown.concat(missing.filter((row) => row.marked)), shown.length, ref, said)];
    if (outlines) pictures.push(mapOf(rows, outlines, said));
    if (kind.funnel && ref && !kind.refused) pictures.push(funnelOf(shown, ref, said));
    const parts = [
      `<p class="lead">${chosen ? `${sentence(chosen, said)} ${further(chosen, said)}` : `${shown.length} of ${rows.length} have a value for ${esc(when)}. `}</p>`,
      kind.refused &&
        `<p class="note"><strong>These areas are not ranked.</strong> ${esc(kind.refused)}.</p>`,
      O.key(),
      `<div class="beside"><div>${pictures[0]}</div><div>${pictures.slice(1).join("")}</div></div>`,
      tableOf(shown.concat(missing), said),
      apart(
        shown.filter((row) => row.j === "not_compared"),
        missing,
        said.against,
      ),
    ];
    return {
      title: kind.title,
      over: `${whom}, ${when}: ${levelName(level)}`,
      html: listed(parts, ""),
      said: `${kind.title}, ${when}, ${shown.length} areas shown.`,
      about: {
        title: kind.title,
        area: levelName(level) + (chosen ? `, ${chosen.area.name} marked` : ""),
        comparator: byRegion ? "each area's region" : "England",
        period: when,
        whom,
        source: sources(shown),
        notes: notesOf(shown),
      },
    };
  }

  /* An area with its cell and its judgement; one that is no more is listed only where it has a row. */
  function rowOf(area, found, byRegion, marked) {
    if (!found && area.isPast) return null;
    const cell = found || { ...O.NO_CELL, why: "The release has no row for it" };
    const [j, said] = byRegion ? cell.region || ["not_compared", "Not compared"] : [cell.j, cell.said];
    return { area, cell, j, said, has: cell.v !== null, marked: area.code === marked };
  }

  function further({ area }, { kind, data, series }) {
    const asked = { i: kind.id, a: area.code };
    return `${link(address("trend", { ...asked, ...seriesNamed(data, series) }), "Is it getting better or worse?")} ${link(address("inequalities", asked), "For whom?")}`;
  }

  function sentence({ area, cell, j, said, has }, { kind, whole, when, byRegion }) {
    const name = esc(area.name);
    const why = esc(cell.why);
    if (!has) return `${name} has no value that can be shown (${why}) in ${esc(when)}.`;
    const than = O.than(cell);
    const compared = byRegion
      ? `, ${said.toLowerCase()} (against its region)`
      : than
        ? `, <strong>${than}</strong>${whole && whole.v !== null ? ` (${esc(figure(whole.v, kind.dec, kind.unit))})` : ""}`
        : `; ${said.toLowerCase()}${j === "not_compared" && why ? ` (${why})` : ""}`;
    return `${name} has <strong>${esc(figure(cell.v, kind.dec, kind.unit))}</strong>${esc(unitSaid(kind))} in ${esc(when)}${compared}.`;
  }
  const unitSaid = ({ unit }) => (unit && unit !== "%" ? ` ${unit}` : "");

  function barsOf(rows, count, ref, { kind, level, when, whom }) {
    const bars = rows.map(({ area, cell, j, marked }) => ({
      n: area.name + (area.isPast ? " (past)" : ""),
      ...drawn(cell, kind.dec),
      t: figure(cell.v, kind.dec, kind.unit) + (cell.status === "held" ? " held" : ""),
      j,
      m: marked,
      note: cell.statusSaid,
    }));
    const label = `${kind.title}: ${levelName(level)}, ${when}. ${count} areas${ref ? `; England ${ref.t}` : ""}`;
    return figureOf("bars", `${kind.title}, ${whom}, ${when}`, "bars", {
      label,
      unit: kind.unit,
      rows: bars,
      ref,
      empty: "No area has a value that can be shown.",
    });
  }

  /* Where an area took the place of one that is no more, the old one's value is shown there. */
  function mapOf(rows, outlines, { kind, level, when }) {
    const byCode = new Map(rows.map((row) => [row.area.code, row]));
    rows
      .filter(({ area, has }) => area.after && has && !byCode.get(area.after)?.has)
      .forEach((row) => byCode.set(row.area.after, row));
    const of = (c) => {
      const row = byCode.get(c);
      const has = row?.has;
      return {
        c,
        n: (row?.area || O.area(c))?.name || c,
        j: has ? row.j : "",
        m: Boolean(row?.marked),
        t: has ? `${figure(row.cell.v, kind.dec, kind.unit)}, ${row.said.toLowerCase()}` : "no value",
      };
    };
    const places = outlines.tiles
      ? { tiles: outlines.tiles.map(([code, x, y, k]) => ({ ...of(code), x, y, k })) }
      : { ...outlines, shapes: outlines.shapes.map(([code, d]) => ({ ...of(code), d })), note: "" };
    const label = `Map of ${levelName(level)}: ${kind.title}, ${when}`;
    return figureOf(
      "map",
      `Where they are, ${when}`,
      "map",
      { ...places, label, width: Math.min(480, O.width()) },
      outlines.note,
    );
  }

  function funnelOf(shown, ref, { kind, when }) {
    const points = shown
      .filter(({ cell }) => cell.d !== null)
      .map(({ area, cell, j, marked }) => ({
        n: area.name,
        x: cell.d,
        v: plain(cell.v, kind.dec),
        j,
        m: marked,
      }));
    if (points.length < 10) return "";
    const label = `Funnel of ${kind.title}, ${when}: ${words("notes").funnel_label}`;
    return figureOf(
      "funnel",
      `How much may be chance, ${when}`,
      "funnel",
      {
        label,
        unit: kind.unit,
        points,
        ref,
        kind: kind.funnel,
        multiplier: kind.multiplier,
        width: Math.min(560, O.width()),
      },
      words("notes").funnel,
    );
  }

  function tableOf(rows, { kind, data, series, when, byRegion }) {
    const counts = rows.some(({ cell }) => cell.n !== null || cell.d !== null);
    const head = [
      "Area",
      O.valueHead(kind),
      O.LIMITS,
      `Compared with ${byRegion ? "its region" : "England"}`,
      ...(counts ? [O.number("Counted"), O.number("Out of")] : []),
      "Notes",
    ];
    const named = seriesNamed(data, series);
    const body = rows.map((row) => {
      const { area, cell } = row;
      return {
        m: row.marked,
        cells: [
          {
            h:
              link(address("indicator", { i: kind.id, a: area.code, p: when, ...named }), area.name) +
              (area.isPast ? " (past area)" : ""),
          },
          O.valueCell(cell, kind),
          O.limitCell(cell, kind.dec),
          O.judgedCell(cell, row.j, row.said),
          ...(counts ? [O.numberCell(cell.n, data.counts[0]), O.numberCell(cell.d, data.counts[1])] : []),
          noteOf(cell, row.j),
        ],
      };
    });
    return O.sameAsTable(`${kind.title}, ${O.seriesSaid(data.series[series])}, ${when}`, head, body, true);
  }

  function apart(unjudged, missing, against) {
    const told = (rows, intro, why) =>
      rows.length
        ? `<p>These have ${intro}:</p>${byReason(rows.map((row) => [row.cell.why || why(row.cell), row.area.name]))}`
        : "";
    const parts =
      told(unjudged, `a value that is not set against ${against}`, () => "The release gives no comparison") +
      told(missing, "no value that can be shown", (cell) => cell.statusSaid || "No value");
    return parts && section("refused", "Not compared, and why", parts);
  }

  const noteOf = (cell, j) =>
    listed(
      [
        O.flagged(cell.flags),
        cell.v === null || j === "not_compared" || cell.status === "held" ? cell.why : "",
        cell.origin === "computed" ? "Worked out here" : "",
      ],
      "; ",
    );
  const sources = (rows) => listed([...new Set(rows.map(({ cell }) => cell.source))], "; ");
  const notesOf = (rows) =>
    [...new Set(rows.flatMap(({ cell }) => cell.flags))]
      .map((flag) => words("flags")[flag] || flag)
      .concat(rows.some(({ cell }) => cell.status === "held") ? ["Held values are the last good ones"] : []);

  Object.assign(O, { noteOf, sources, notesOf, unitSaid });
})();
