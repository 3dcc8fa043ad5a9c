/* The page: its address decides what is shown; choices change the address, and so does the back button. */

(() => {
  "use strict";

  const { esc, link, address, wanted, gathered } = O;
  const at = (id) => document.getElementById(id);
  const control = (name) => at(`c-${name}`);
  /* The choices of each view; those that not every reader opens are loaded when they are. */
  const CONTROLS = {
    compare: "i k series p c r a",
    area: "a f w",
    trend: "i a series",
    inequalities: "i a d",
    indicator: "i a series p",
  };
  const VIEWS = "assets/explorer_views.js";
  const TOOLS = "assets/explorer_tools.js";
  let drawn = null;
  let turn = 0;

  function state() {
    const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
    const asked = Object.fromEntries(new URLSearchParams(query || ""));
    const view = CONTROLS[path] ? path : "compare";
    const unknown = [
      ["indicator", asked.i, O.kind(asked.i)],
      ["area", asked.a, O.area(asked.a)],
    ].filter(([, id, found]) => id && !found);
    if (!O.kind(asked.i)) {
      const [kind, level] = O.core.opens;
      asked.i = O.core.kinds[kind].id;
      asked.k ||= level;
    }
    /* Where no area is asked for: the first below England for a summary, England where one area is shown by itself. */
    const opens = { area: "utla", trend: "england", inequalities: "england" }[view];
    if (!O.area(asked.a)) asked.a = opens ? (O.firstOf(opens) || O.core.areas[0]).code : "";
    return { view, asked, unknown };
  }
  /* Of an address that names what isn't there nothing else is shown in its stead. */
  function nothingSo(unknown) {
    const title = `No such ${unknown.map(([what]) => what).join(" or ")}`;
    const named = unknown.map(([what, id]) => `the ${what} “${id}”`).join(" and ");
    return {
      title,
      over: "Explore",
      said: `${title}.`,
      html: `<p class="note" role="alert">This release has nothing that its address calls ${esc(named)}. It may be mistyped, or of another release.</p><p><button type="button" data-search>Search for an indicator or an area</button></p>`,
    };
  }

  /* A choice with its options, in groups where they have one; the first is chosen where the wanted isn't among them. */
  function offer(name, list, chosen) {
    const select = control(name);
    const options = gathered(
      list.map(([value, said, group = ""]) => [group, `<option value="${esc(value)}">${esc(said)}</option>`]),
    );
    const inside = options
      .map(([group, each]) =>
        group ? `<optgroup label="${esc(group)}">${each.join("")}</optgroup>` : each.join(""),
      )
      .join("");
    if (select.offered !== inside) select.innerHTML = select.offered = inside;
    pick(name, chosen);
    hide(name, list.length < 2 && !"ia".includes(name));
  }
  function pick(name, chosen) {
    const select = control(name);
    select.value = chosen || "";
    if (select.selectedIndex < 0) select.selectedIndex = 0;
    return select.value;
  }
  const hide = (name, hidden) => {
    control(name).closest(".control").hidden = hidden;
  };

  async function controls(view, asked) {
    const shown = CONTROLS[view].split(" ");
    document.querySelectorAll(".control").forEach((each) => {
      each.hidden = !shown.includes(each.dataset.for);
    });
    const areas = O.core.areas.map((area) => [
      area.code,
      area.name + (area.isPast ? " (past)" : ""),
      area.kind,
    ]);
    offer("a", ["compare", "indicator"].includes(view) ? [["", "None"], ...areas] : areas, asked.a);
    if (view === "area") {
      offer("f", O.groupings(), asked.f);
      pick("w", asked.w);
      return;
    }
    offer(
      "i",
      O.core.kinds.map((kind) => [kind.id, kind.title]),
      asked.i,
    );
    const about = await wanted(asked);
    const { kind, data } = about;
    const several = new Set(data.series.map(([type]) => type)).size > 1;
    if (shown.includes("series"))
      offer(
        "series",
        data.series.map((each, index) => [String(index), O.seriesSaid(each, several)]),
        String(about.series),
      );
    if (shown.includes("d")) offer("d", O.gapNames(await O.cutsOf(kind), about.area.level), asked.d);
    if (!shown.includes("p")) return;
    const { periods, period, levels, level } = O.subject(
      about,
      view === "indicator" && about.area ? { ...asked, k: about.area.type } : asked,
    );
    const when = (each) => data.periods[each]?.[0] || "";
    offer(
      "p",
      [...periods].reverse().map((each) => [when(each), when(each)]),
      when(period),
    );
    if (view !== "compare") return;
    offer(
      "k",
      levels.map((each) => O.core.levels[each]),
      O.core.levels[level][0],
    );
    pick("c", asked.c);
    pick("r", kind.refused ? "name" : asked.r);
    hide("r", Boolean(kind.refused));
  }

  function tabs(view, { i, a, s, g, b, f }) {
    at("tabs")
      .querySelectorAll("a")
      .forEach((tab) => {
        const name = tab.dataset.view;
        tab.href = address(name, name === "area" ? { a, f } : { i, a, s, g, b });
        if (name === view) tab.setAttribute("aria-current", "page");
        else tab.removeAttribute("aria-current");
      });
  }

  /* Shows what the address asks for. Focus stays where it is, or goes to the heading where that is gone. */
  async function render() {
    const mine = (turn += 1);
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
      at("title").innerHTML = `<span class="over">${esc(made.over)}</span> ${esc(made.title)}`;
      at("view").innerHTML = made.html;
      document.title = `${made.title}: ${document.querySelector("#tabs [aria-current]").textContent} – Outcomes`;
      at("said").textContent = made.said;
    } catch (problem) {
      if (mine !== turn) return;
      at("view").innerHTML =
        `<p class="note" role="alert"><strong>This can't be shown.</strong> ${esc(problem.message)}</p>`;
      if (!/^The file /.test(problem.message)) throw problem;
    } finally {
      document.body.dataset.ready = turn;
      document.body.dataset.took = Math.round(performance.now() - began);
    }
    if (inside) at("title").focus();
  }

  function chosen({ target: { id, value } }) {
    const { view, asked } = state();
    const name = id.slice(2);
    const parts = O.PARTS.map(([part]) => part);
    if (["series", "i"].includes(name)) parts.forEach((part) => delete asked[part]);
    if (name === "series") Object.assign(asked, O.seriesNamed(O.held[`i/${asked.i}`], Number(value)));
    else asked[name] = value;
    if (name === "i") ["p", "d"].forEach((part) => delete asked[part]);
    location.hash = address(view, asked);
  }

  async function searched() {
    const text = at("q").value;
    let found = [];
    if (text.trim()) {
      await O.run(TOOLS);
      found = O.find(text, (await O.load("search")).kinds);
      if (text !== at("q").value) return;
    }
    const { a } = state().asked;
    at("found").innerHTML = found
      .map(
        ({ view, asked, name, kind }) =>
          `<li>${link(address(view, view === "compare" ? { ...asked, a } : asked), name)} <small>${esc(kind)}</small></li>`,
      )
      .join("");
    at("found-said").textContent = !text.trim()
      ? ""
      : found.length
        ? `${found.length} found`
        : "Nothing is called so. Try fewer or other words.";
  }

  function begin() {
    if (!O.held.core) {
      at("view").innerHTML =
        '<p class="note" role="alert">The file data/core.js is missing: copy the whole folder again.</p>';
      return;
    }
    O.start();
    at("tools").hidden = false;
    const on = (id, event, does) => at(id).addEventListener(event, does);
    on("choices", "change", chosen);
    on("choices", "submit", (event) => event.preventDefault());
    on("search", "submit", (event) => {
      event.preventDefault();
      at("found").querySelector("a")?.focus();
    });
    on("q", "input", searched);
    on("found", "click", (event) => {
      if (!event.target.closest("a")) return;
      at("q").value = "";
      searched();
      at("title").focus();
    });
    on("view", "click", (event) => {
      if (event.target.closest("[data-search]")) at("q").focus();
      const button = event.target.closest("[data-export]");
      if (button) O.run(TOOLS).then(() => O.exportFrom(button, drawn.about, location.hash));
    });
    addEventListener("hashchange", render);
    render();
    // A page that leads to the search names it.
    if (location.hash === "#q") at("q").focus();
  }

  document.addEventListener("DOMContentLoaded", begin);
})();
