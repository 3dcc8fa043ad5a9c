/* The release's data in the browser: loaded by script elements, read cell by cell, shown as printed. */

const O = (() => {
  "use strict";

  const held = {};
  const asked = {};
  let release = null;
  let mixed = "";

  function put(id, key, value) {
    if (release === null) release = id;
    if (id !== release) mixed = `data/${key}.js`;
    held[key] = value;
  }

  /* Runs a file of the site, once; a page opened from a folder can load one in no other way. */
  function run(file) {
    asked[file] = asked[file] || new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = file;
      script.onload = resolve;
      script.onerror = () => { delete asked[file]; reject(new Error(`The file ${file} is missing: copy the whole folder again.`)); };
      document.head.append(script);
    });
    return asked[file];
  }

  /* The data of a key, refused where a folder that was copied in part mixes two releases. */
  async function load(key) {
    if (!held[key]) await run(`data/${key}.js`);
    if (mixed || !held[key]) throw new Error(`The file ${mixed || `data/${key}.js`} is of another release than this page: copy the whole folder again.`);
    return held[key];
  }

  let core = null;
  let kindOf = {};
  let areaOf = {};
  function start() {
    core = held.core;
    core.release = release;
    core.areas = core.areas.map(([code, name, level, region, marks, after], index) =>
      ({ code, name, level, region, index, after, isLtla: marks % 2 === 1, isPast: marks > 1 }));
    core.kinds = core.kinds.map(([id, title, unit, dec, polarity, funnel, multiplier, owner, types, programmes, partners, refused, reach], index) =>
      ({ id, title, unit, dec, polarity, funnel, multiplier, owner, types, programmes, partners, refused, reach, index }));
    kindOf = Object.fromEntries(core.kinds.map((kind) => [kind.id, kind]));
    areaOf = Object.fromEntries(core.areas.map((area) => [area.code, area]));
    return core;
  }

  const whole = (text) => (text === "" || text === undefined ? null : Number(text));

  /* A grid of numbers or letters, unpacked once; one that stands alone stands for all. */
  function grid(block, name, size) {
    const kept = `_${name}`;
    if (!block[kept]) {
      const packed = block[name] === undefined ? "" : block[name];
      const letters = "jgt".includes(name);
      if (letters) block[kept] = packed.length === 1 ? packed.repeat(size) : packed;
      else block[kept] = packed.includes(",") || size === 1 ? packed.split(",").map(whole) : Array(size).fill(whole(packed));
    }
    return block[kept];
  }

  /* An indicator with the blocks that were asked for. */
  async function indicator(id, wanted) {
    const data = await load(`i/${id}`);
    if (!data.lists) {
      data.kind = kindOf[id];
      data.lists = data.areas.map((list) => list.split(",").map(Number));
      data.at = data.lists.map((list) => new Map(list.map((area, place) => [area, place])));
      data.loaded = new Set([0]);
      data.blocks.forEach((block) => { block.periods = block.p.split(",").map(Number); });
    }
    const parts = new Set(data.where.filter(([series]) => wanted.includes(series)).map(([, , part]) => part));
    for (const part of parts) {
      if (!data.loaded.has(part)) {
        const more = await load(`i/${id}.${part}`);
        more.blocks.forEach((block) => { block.periods = block.p.split(",").map(Number); });
        data.blocks.push(...more.blocks);
        data.loaded.add(part);
      }
    }
    return data;
  }

  const NO_CELL = { v: null, l: null, u: null, n: null, d: null, j: "not_compared", said: "", status: "", why: "", flags: [] };

  /* What the release says of one area and period of a series; null where it has no row. */
  function cell(data, series, area, period) {
    const block = data.blocks.find((each) => each.s === series && each.k === area.level);
    if (!block) return null;
    const row = block.periods.indexOf(period);
    const column = data.at[block.a].get(area.index);
    if (row < 0 || column === undefined) return null;
    const across = data.lists[block.a].length;
    const place = row * across + column;
    const size = across * block.periods.length;
    const letter = (name) => grid(block, name, size)[place] || ".";
    const number = (name) => grid(block, name, size)[place];
    if (letter("t") === ".") return null;
    const v = number("v");
    const [low, high] = [number("l"), number("u")];
    const [j, said] = core.judgements[letter("j")] || ["not_compared", ""];
    const named = (name, list) => (number(name) === null ? null : list[number(name)]);
    const [status, statusSaid] = core.statuses[letter("t")];
    const origin = named("o", data.origins) || ["", ""];
    return {
      v, l: low === null ? null : v - low, u: high === null ? null : v + high, n: number("n"), d: number("d"),
      j, said, status, statusSaid, why: named("w", data.reasons) || "",
      region: core.judgements[letter("g")] || null,
      flags: (named("f", data.flags) || "").split(";").filter(Boolean), origin: origin[0], source: origin[1],
    };
  }

  /* A whole number of the last decimal, as the pages print it: 1,234.5, −0.3, 12.0%. */
  function figure(number, dec, unit) {
    if (number === null || number === undefined) return "";
    const digits = String(Math.abs(number)).padStart(dec + 1, "0");
    const front = digits.slice(0, digits.length - dec).replace(/\B(?=(\d{3})+$)/g, ",");
    return `${number < 0 ? "−" : ""}${front}${dec ? `.${digits.slice(-dec)}` : ""}${unit === "%" ? "%" : ""}`;
  }
  const limits = (one, dec) => (one && one.l !== null && one.u !== null ? `${figure(one.l, dec)} to ${figure(one.u, dec)}` : "");
  const plain = (number, dec) => (number === null || number === undefined ? null : number / 10 ** dec);

  return {
    put, run, load, start, indicator, cell, figure, limits, plain, grid, whole, NO_CELL, views: {},
    get core() { return core; },
    kind: (id) => kindOf[id], area: (code) => areaOf[code], held,
  };
})();
