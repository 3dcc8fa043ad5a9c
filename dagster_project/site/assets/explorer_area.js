/* The summary of one area: each indicator's newest value, where it lies and which way it goes. */

(() => {
  "use strict";

  const {
    esc,
    plain,
    listed,
    within,
    words,
    sexSaid,
    ageSaid,
    levelName,
    link,
    address,
    table,
    number,
    numberCell,
    limitCell,
    valueCell,
    judgedCell,
    csvButton,
    section,
    gathered,
    LIMITS,
  } = O;

  /* How the indicators of a summary may be grouped: a framework's parts, or what frameworks say. */
  O.groupings = () => [
    ...O.core.frameworks
      .filter(([, , , parts]) => parts.some(([, kinds]) => kinds.length))
      .map(([id, name, part]) => [id, `${name} (by ${part})`]),
    ...Object.entries(words("groupings")).filter(
      ([by]) => by === "all" || O.core.kinds.some((kind) => kind[by].length),
    ),
  ];
  function groupsOf(by) {
    const framework = O.core.frameworks.find(([id]) => id === by);
    if (framework) return framework[3].filter(([, kinds]) => kinds.length);
    if (by === "all") return [["All indicators", O.core.kinds.map((kind) => kind.index)]];
    return gathered(
      O.core.kinds.flatMap((kind) =>
        [kind[by]]
          .flat()
          .filter(Boolean)
          .map((name) => [name, kind.index]),
      ),
    )
      .sort((a, b) => a[0].localeCompare(b[0]))
      .map(([name, kinds]) => [(name[0].toUpperCase() + name.slice(1)).replace(/[_-]/g, " "), kinds]);
  }

  O.views.area = async ({ a, f, w }) => {
    const area = O.area(a);
    const rows = await O.newest(area);
    const [by, grouped] = O.groupings().find(([id]) => id === f) || O.groupings()[0];
    const groups = groupsOf(by);
    const counted = new Set(groups.flatMap(([, kinds]) => kinds));
    const tally = Object.fromEntries(
      Object.values(O.core.judgements).map(([, said]) => [said.toLowerCase(), 0]),
    );
    rows
      .filter((row) => counted.has(row.kind.index))
      .forEach(({ v, said }) => {
        const name = v === null ? "without a value" : said.toLowerCase();
        tally[name] = (tally[name] || 0) + 1;
      });
    const fits = (row) => !w || row.j === w || (w === "moved" && row.way === "worse");
    const found = groups
      .map(([name, kinds]) => [
        name,
        kinds.flatMap((index) => rows.filter((row) => row.kind.index === index && fits(row))),
      ])
      .filter(([, some]) => some.length);
    const counts = Object.entries(tally)
      .filter(([, count]) => count)
      .map(([said, count]) => `<strong>${count}</strong> ${esc(said)}`);
    const parts = [
      `<p class="lead">Against England, each sex by itself: ${listed(counts) || "no values"}.</p>`,
      O.key(),
      `<p class="small">The spread shows where ${esc(area.name)} lies among ${esc(within(levelName(area.level)))}: ${esc(words("notes").spread)}</p>`,
      ...found.map(([name, some], index) =>
        section(
          `g${index}`,
          name,
          table(
            name,
            SUMMARY(),
            some.map((row) => ({ cells: summaryRow(row, area) })),
          ),
        ),
      ),
    ];
    if (found.length)
      parts.push(
        csvButton("all groups"),
        `<p>${link(`areas/${area.code}.html`, `${area.name} as a page to read and print`)}</p>`,
      );
    else parts.push(`<p>${esc(area.name)} has no indicator that fits what was asked for.</p>`);
    return {
      title: area.name,
      over: `Area summary, ${levelName(area.level)}`,
      html: parts.join(""),
      said: `${area.name}: ${rows.length} values.`,
      about: {
        title: `${area.name}: area summary, ${grouped}`,
        area: area.name,
        comparator: "England",
        period: "the newest of each indicator",
        source: "as each indicator's page says",
      },
    };
  };

  /* What an area's file holds: the newest value of each of its series. */
  O.newest = async (area) => {
    const { rows, words: texts } = await O.load(`a/${area.code}`);
    return rows.map((row) => rowOf(texts, ...row));
  };

  /* A row of it by name; the order is that of explorer_areas.py. */
  function rowOf(texts, index, series, numbers, [v, l, u, e], letter, status, way, points, breaks, ends) {
    const [period, sex, age, why, trend, goal, flags] = numbers.map((at) => texts[at]);
    const [j, said] = O.core.judgements[letter];
    return {
      kind: O.core.kinds[index],
      series,
      period,
      sex,
      age,
      v,
      l,
      u,
      e,
      j,
      said,
      status,
      statusSaid: O.core.statuses[status][1],
      why,
      trend,
      way,
      points,
      breaks,
      ends,
      goal,
      flags,
    };
  }

  const SUMMARY = () => [
    "Indicator",
    number("Value"),
    LIMITS,
    number("England"),
    "Compared with England",
    "Where it lies",
    "Trend over five years",
    "Series",
    "Data",
    "Notes",
  ];
  /* Charts of a table's row are silent: its cells say the same in words. */
  const silent = (kind, spec) => ({
    h: Charts[kind]({ label: "", ...spec }).replace('role="img" aria-label=""', 'aria-hidden="true"'),
  });
  function summaryRow(row, area) {
    const { kind, v, e, j, ends, way, status } = row;
    const sex = row.sex === "Persons" ? "" : row.sex;
    const asked = { i: kind.id, a: area.code, s: sex };
    const value = valueCell(row, kind);
    if (v !== null && status === "h") value.t += " held";
    const [lo, q1, q3, hi] = ends;
    return [
      {
        h: `${link(address("compare", asked), kind.title)}<small>${esc(listed([kind.unit, sexSaid(sex), ageSaid(row.age)]))}</small>`,
      },
      value,
      limitCell(row, kind.dec),
      numberCell(e, kind.dec, kind.unit),
      judgedCell(row, j, row.said),
      ends.length && e !== null && v !== null && j !== "not_compared"
        ? silent("spine", {
            v: plain(v, kind.dec),
            e: plain(e, kind.dec),
            lo,
            q1,
            q3,
            hi,
            flip: kind.polarity < 0,
            j,
          })
        : "",
      {
        h: `<a href="${esc(address("trend", asked))}"${way ? ` class="w-${way}"` : ""}>${esc(row.trend || "See the series")}<span class="sr">: ${esc(kind.title)}</span></a>`,
      },
      row.points.filter((point) => point !== null).length > 1
        ? silent("spark", { v: row.points, b: row.breaks, j })
        : "",
      row.period,
      listed(
        [
          row.goal && `Goal: ${row.goal.toLowerCase()}`,
          row.flags,
          v === null || status === "h" || j === "not_compared" ? row.why : "",
        ],
        "; ",
      ),
    ];
  }
})();
