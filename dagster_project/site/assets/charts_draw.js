/* All kinds by name, as the site's build asks for them. */

(() => {
  "use strict";

  const KINDS = ["bars", "spine", "trend", "spark", "funnel", "map", "gap"];
  Charts.draw = (kind, spec) => {
    if (!KINDS.includes(kind)) throw new Error(`there is no chart of kind ${kind}: ${KINDS.join(", ")}`);
    return Charts[kind](spec);
  };
  Charts.drawAll = (wanted) => wanted.map(([kind, spec]) => Charts.draw(kind, spec));
})();
