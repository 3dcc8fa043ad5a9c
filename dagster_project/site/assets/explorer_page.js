/* The page: its address decides what is shown; choices change the address, and so does the back button. */

(() => {
  "use strict";

  const { html, esc } = O;
  const at = (id) => document.getElementById(id);
  /* The choices of each view; those that not every reader opens are loaded when they are. */
  const CONTROLS = {
    compare: ["i", "k", "series", "p", "c", "r", "a"], area: ["a", "f", "w"], trend: ["i", "a", "series"],
    inequalities: ["i", "a", "d"], indicator: ["i", "a", "series", "p"],
  };
  const TITLES = { compare: "Compare areas", area: "Area summary", trend: "Trend", inequalities: "Inequalities", indicator: "Indicator" };
  const VIEWS = "assets/explorer_views.js";
  const TOOLS = "assets/explorer_tools.js";
  let drawn = null;
  let turn = 0;

  function state() {
    const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
    const asked = Object.fromEntries([...new URLSearchParams(query || "")]);
    const view = CONTROLS[path] ? path : "compare";
    const unknown = [["indicator", asked.i, O.kind(asked.i)], ["area", asked.a, O.area(asked.a)]].filter(([, id, found]) => id && !found);
    if (!O.kind(asked.i)) {
      const [kind, level] = O.core.opens;
      asked.i = O.core.kinds[kind].id;
      asked.k = asked.k || level;
    }
    if (!O.area(asked.a)) asked.a = { area: first, trend: whole, inequalities: whole }[view]?.() || "";
    return { view, asked, unknown };
  }
  /* Of an address that names what isn't there nothing else is shown in its stead. */
  function nothingSo(unknown) {
    const title = `No such ${unknown.map(([what]) => what).join(" or ")}`;
    const named = unknown.map(([what, id]) => `the ${what} “${id}”`).join(" and ");
    return { title, over: "Explore", said: `${title}.`, html: html`<p class="note" role="alert">This release has nothing that its address calls ${esc(named)}. It may be mistyped, or of another release.</p><p><button type="button" data-search>Search for an indicator or an area</button></p>` };
  }
  /* Where no area is asked for: the first below England for a summary, England where one area is shown by itself. */
  const first = () => (O.core.areas.find((area) => O.core.levels[area.level][0] === "utla") || O.core.areas[0]).code;
  const whole = () => (O.core.areas.find((area) => O.core.levels[area.level][0] === "england") || O.core.areas[0]).code;

  function options(select, list, chosen) {
    const wanted = list.map(([value, said, group]) => [value, said, group || ""]);
    const signature = JSON.stringify(wanted);
    if (select.dataset.of !== signature) {
      const groups = new Map();
      wanted.forEach(([value, said, group]) => groups.set(group, (groups.get(group) || "") + html`<option value="${esc(value)}">${esc(said)}</option>`));
      select.innerHTML = [...groups].map(([group, inside]) => (group ? html`<optgroup label="${esc(group)}">${inside}</optgroup>` : inside)).join("");
      select.dataset.of = signature;
    }
    select.value = chosen;
    select.closest(".control").hidden = list.length < 2 && !["c-i", "c-a"].includes(select.id);
  }

  async function controls(view, asked) {
    const shown = CONTROLS[view];
    document.querySelectorAll(".control").forEach((control) => { control.hidden = !shown.includes(control.dataset.for); });
    options(at("c-a"), [["", "None"]].slice(["compare", "indicator"].includes(view) ? 0 : 1).concat(O.core.areas.map((area) => [area.code, area.name + (area.isPast ? " (past)" : ""), O.levelName(area.level)])), asked.a || "");
    if (shown.includes("f")) {
      options(at("c-f"), O.groupings(), O.groupings().some(([id]) => id === asked.f) ? asked.f : O.groupings()[0][0]);
      options(at("c-w"), [["", "All"], ["worse", "Worse than England"], ["better", "Better than England"], ["similar", "Similar to England"], ["moved", "Getting worse"]], asked.w || "");
    }
    at("c-a").closest(".control").hidden = !shown.includes("a");
    if (!shown.includes("i")) return;
    options(at("c-i"), O.core.kinds.map((kind) => [kind.id, kind.title]), asked.i);
    const data = await O.load(`i/${asked.i}`);
    const series = O.seriesAsked(data, asked);
    await O.indicator(asked.i, [series]);
    const several = new Set(data.series.map(([type]) => type)).size > 1;
    if (shown.includes("series")) options(at("c-series"), data.series.map((each, index) => [String(index), O.seriesSaid(each, several)]), String(series));
    if (shown.includes("d")) {
      const cuts = O.hasGaps(O.kind(asked.i)) ? (await O.load(`q/${asked.i}`)).cuts : [];
      const names = O.gapNames(cuts, O.area(asked.a).level);
      options(at("c-d"), names, names.some(([id]) => id === asked.d) ? asked.d : (names[0] || [""])[0]);
    }
    if (!shown.includes("p")) return;
    const about = O.subject(data, view === "indicator" && O.area(asked.a) ? Object.assign({}, asked, { k: O.core.levels[O.area(asked.a).level][0] }) : asked);
    options(at("c-p"), [...about.periods].reverse().map((period) => [data.periods[period][0], data.periods[period][0]]), about.period === undefined ? "" : data.periods[about.period][0]);
    if (!shown.includes("k")) return;
    options(at("c-k"), about.levels.map((level) => [O.core.levels[level][0], O.levelName(level)]), O.core.levels[about.level][0]);
    options(at("c-c"), [["", "England"], ["region", "Each area's region"]], asked.c === "region" ? "region" : "");
    options(at("c-r"), O.kind(asked.i).refused ? [["name", "Name"]] : [["", "Value"], ["name", "Name"]], asked.r === "name" || O.kind(asked.i).refused ? "name" : "");
  }

  function tabs(view, asked) {
    at("tabs").querySelectorAll("a").forEach((tab) => {
      const name = tab.dataset.view;
      const kept = { i: asked.i, a: asked.a, s: asked.s, g: asked.g, b: asked.b };
      tab.href = O.address(name, name === "area" ? { a: asked.a, f: asked.f } : kept);
      if (name === view) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    });
  }

  /* Shows what the address asks for. Focus stays where it is, or goes to the heading where that is gone. */
  async function render() {
    const mine = turn += 1;
    const began = performance.now();
    const { view, asked, unknown } = state();
    const inside = at("view").contains(document.activeElement);
    try {
      tabs(view, asked);
      at("choices").hidden = unknown.length > 0;
      if (!O.views[view]) await O.run(VIEWS);
      if (!unknown.length) await controls(view, asked);
      const made = unknown.length ? nothingSo(unknown) : await O.views[view](asked);
      if (mine !== turn) return;
      drawn = made;
      at("title").innerHTML = html`<span class="over">${esc(made.over)}</span> ${esc(made.title)}`;
      at("view").innerHTML = made.html;
      document.title = `${made.title}: ${TITLES[view]} – Outcomes`;
      at("said").textContent = made.said;
    } catch (problem) {
      if (mine !== turn) return;
      at("view").innerHTML = html`<p class="note" role="alert"><strong>This can't be shown.</strong> ${esc(problem.message)}</p>`;
      if (!/^The file /.test(problem.message)) throw problem;
    } finally {
      document.body.dataset.ready = String(turn);
      document.body.dataset.took = String(Math.round(performance.now() - began));
    }
    if (inside) at("title").focus();
  }

  function chosen(event) {
    const select = event.target.closest("select");
    if (!select) return;
    const { view, asked } = state();
    const name = select.id.slice(2);
    if (name === "series") {
      ["y", "s", "g", "m", "b"].forEach((part) => delete asked[part]);
      Object.assign(asked, O.seriesNamed(O.held[`i/${asked.i}`], Number(select.value)));
    } else asked[name] = select.value;
    if (name === "i") ["y", "s", "g", "m", "b", "p", "d"].forEach((part) => delete asked[part]);
    location.hash = O.address(view, asked);
  }

  async function searched() {
    const words = at("q").value;
    if (!words.trim()) {
      at("found").innerHTML = "";
      at("found-said").textContent = "";
      return;
    }
    await O.run(TOOLS);
    const found = O.find(words, (await O.load("search")).kinds);
    if (words !== at("q").value) return;
    const { asked } = state();
    at("found").innerHTML = found.map((entry) => {
      const { view } = entry.address;
      const wanted = Object.assign({}, entry.address, view === "compare" ? { a: asked.a } : {});
      delete wanted.view;
      return html`<li>${O.link(O.address(view, wanted), entry.name)} <small>${esc(entry.kind)}</small></li>`;
    }).join("");
    at("found-said").textContent = found.length ? `${found.length} found` : "Nothing is called so. Try fewer or other words.";
  }

  function begin() {
    if (!O.held.core) {
      at("view").innerHTML = '<p class="note" role="alert">The file data/core.js is missing: copy the whole folder again.</p>';
      return;
    }
    O.start();
    at("tools").hidden = false;
    at("choices").addEventListener("change", chosen);
    at("choices").addEventListener("submit", (event) => event.preventDefault());
    at("search").addEventListener("submit", (event) => {
      event.preventDefault();
      const link = at("found").querySelector("a");
      if (link) link.focus();
    });
    at("q").addEventListener("input", searched);
    at("found").addEventListener("click", (event) => {
      if (!event.target.closest("a")) return;
      at("q").value = "";
      searched();
      at("title").focus();
    });
    at("view").addEventListener("click", (event) => {
      if (event.target.closest("[data-search]")) at("q").focus();
      const button = event.target.closest("[data-export]");
      if (button) O.run(TOOLS).then(() => O.exportFrom(button, drawn.about, location.hash));
    });
    addEventListener("hashchange", render);
    render();
  }

  document.addEventListener("DOMContentLoaded", begin);
})();
