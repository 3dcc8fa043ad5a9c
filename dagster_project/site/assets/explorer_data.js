/* The release's data in the browser: loaded by script elements, read cell by cell, shown as printed. */

const O = (() => {
  "use strict";

  const held = {};
  const asked = {};
  let release = null;
  let mixed = "";

  function put(id, key, value) {
    release ??= id;
    if (id !== release) mixed = fileOf(key);
    held[key] = value;
  }

  const fileOf = (key) => `data/${key}.js`;
  const wrong = (file, what) => new Error(`The file ${file} is ${what}: copy the whole folder again.`);

  /* Runs a file of the site, once; a page opened from a folder can load one in no other way. */
  const run = (file) =>
    (asked[file] ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = file;
      script.onload = resolve;
      script.onerror = () => {
        delete asked[file];
        reject(wrong(file, "missing"));
      };
      document.head.append(script);
    }));

  /* The data of a key, refused where a folder that was copied in part mixes two releases. */
  async function load(key) {
    if (!held[key]) await run(fileOf(key));
    if (mixed || !held[key]) throw wrong(mixed || fileOf(key), "of another release than this page");
    return held[key];
  }

  let core = null;
  let kindOf = {};
  let areaOf = {};
  /* What each place of a row of core.js is called; the order is that of explorer_core.py. */
  const KIND = "id title unit dec polarity funnel multiplier owner types programmes partners refused reach";
  const AREA = "code name level region marks after";
  const named = (names, row, index) =>
    Object.fromEntries([["index", index], ...names.split(" ").map((name, place) => [name, row[place]])]);
  function start() {
    core = held.core;
    core.release = release;
    core.kinds = core.kinds.map((row, index) => named(KIND, row, index));
    core.areas = core.areas.map((row, index) => named(AREA, row, index));
    core.areas.forEach((area) => {
      [area.type, area.kind] = core.levels[area.level];
      area.isLtla = area.marks % 2 === 1;
      area.isPast = area.marks > 1;
    });
    kindOf = Object.fromEntries(core.kinds.map((kind) => [kind.id, kind]));
    areaOf = Object.fromEntries(core.areas.map((area) => [area.code, area]));
  }
  const firstOf = (type) => core.areas.find((area) => area.type === type);

  const numbers = (packed) => packed.split(",").map((text) => (text === "" ? null : Number(text)));

  /* A grid of numbers or letters, unpacked once. A letter that stands alone stands for all; a number for
     those that follow, until there is another, or a dash where there is none. */
  function grid(block, name, size) {
    const kept = `_${name}`;
    if (!block[kept]) {
      const packed = block[name] ?? "";
      if ("jgt".includes(name)) block[kept] = packed.length === 1 ? packed.repeat(size) : packed;
      else {
        const told = packed.split(",");
        let last = null;
        block[kept] = Array.from({ length: size }, (_, place) => {
          if (told[place]) last = told[place] === "-" ? null : Number(told[place]);
          return last;
        });
      }
    }
    return block[kept];
  }

  /* An indicator with the blocks of the series that were asked for. */
  async function indicator(id, wanted) {
    const data = await load(`i/${id}`);
    const add = (blocks) => blocks.map((block) => Object.assign(block, { periods: numbers(block.p) }));
    if (!data.lists) {
      data.lists = data.areas.map(numbers);
      data.at = data.lists.map((list) => new Map(list.map((area, place) => [area, place])));
      data.loaded = new Set([0]);
      add(data.blocks);
    }
    for (const [series, , part] of data.where) {
      if (wanted.includes(series) && !data.loaded.has(part)) {
        data.loaded.add(part);
        data.blocks.push(...add((await load(`i/${id}.${part}`)).blocks));
      }
    }
    return data;
  }
  const blockOf = (data, series, level) =>
    data.blocks.find((block) => block.s === series && block.k === level);

  const NO_CELL = {
    v: null,
    l: null,
    u: null,
    n: null,
    d: null,
    j: "not_compared",
    beside: 0,
    said: "",
    status: "",
    why: "",
    flags: [],
  };

  /* What the release says of one area and period of a series; null where it has no row. */
  function cell(data, series, area, period) {
    const block = blockOf(data, series, area.level);
    if (!block) return null;
    const row = block.periods.indexOf(period);
    const column = data.at[block.a].get(area.index);
    if (row < 0 || column === undefined) return null;
    const across = data.lists[block.a].length;
    const place = row * across + column;
    const at = (name) => grid(block, name, across * block.periods.length)[place];
    const status = core.statuses[at("t")];
    if (!status) return null;
    const listed = (name, list) => (at(name) === null ? "" : list[at(name)]);
    const [v, low, high] = ["v", "l", "u"].map(at);
    const [j, said, beside] = core.judgements[at("j")] || ["not_compared", "", 0];
    const [origin, source] = listed("o", data.origins) || ["", ""];
    return {
      v,
      l: low === null ? null : v - low,
      u: high === null ? null : v + high,
      n: at("n"),
      d: at("d"),
      j,
      said,
      beside,
      status: status[0],
      statusSaid: status[1],
      why: listed("w", data.reasons),
      region: core.judgements[at("g")],
      flags: listed("f", data.flags).split(";").filter(Boolean),
      origin,
      source,
    };
  }

  /* A whole number of the last decimal, as the pages print it: 1,234.5, −0.3, 12.0%. */
  function figure(number, dec, unit) {
    if (number === null || number === undefined) return "";
    const digits = String(Math.abs(number)).padStart(dec + 1, "0");
    const front = Charts.grouped(digits.slice(0, digits.length - dec));
    return `${number < 0 ? "−" : ""}${front}${dec ? `.${digits.slice(-dec)}` : ""}${unit === "%" ? "%" : ""}`;
  }
  const limits = (one, dec) =>
    one.l === null || one.u === null ? "" : `${figure(one.l, dec)} to ${figure(one.u, dec)}`;
  const plain = (number, dec) => (number === null || number === undefined ? null : number / 10 ** dec);
  /* A cell's value and limits as a chart draws them. */
  const drawn = ({ v, l, u }, dec) => ({ v: plain(v, dec), l: plain(l, dec), u: plain(u, dec) });

  return {
    put,
    run,
    load,
    start,
    indicator,
    blockOf,
    cell,
    figure,
    limits,
    plain,
    drawn,
    grid,
    numbers,
    NO_CELL,
    held,
    views: {},
    firstOf,
    get core() {
      return core;
    },
    kind: (id) => kindOf[id],
    area: (code) => areaOf[code],
  };
})();
