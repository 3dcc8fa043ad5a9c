/* All kinds by name, as the site's build asks for them. */

(() => {
  "use strict";

  /* marks: {names: {judgement: name}, r, y, width, ends}
     Shapes that the charts of a page use by their names: a judgement's, and England's line as `e`;
     or, for lines that end in them, as their ends. */
  function marks({ names, r, y, width, ends }) {
    const { mark, line, stroke, INK } = Charts;
    const shapes = Object.entries(names).map(([judgement, name]) => [
      name,
      mark(judgement, 0, y, r, ` stroke-width="${width}"`),
    ]);
    const end = ([name, shape]) =>
      `<marker id="${name}" markerUnits="userSpaceOnUse" overflow="visible">${shape}</marker>`;
    if (ends) return shapes.map(end).join("");
    return [...shapes, ["e", line(110, 1, 110, 23, stroke(INK, 3))]]
      .map(([name, shape]) => shape.replace(" ", ` id="${name}" `))
      .join("");
  }
  Object.assign(Charts, { marks });

  const KINDS = ["bars", "spine", "trend", "spark", "funnel", "map", "gap", "marks"];
  Charts.draw = (kind, spec) => {
    if (!KINDS.includes(kind)) throw new Error(`there is no chart of kind ${kind}: ${KINDS.join(", ")}`);
    return Charts[kind](spec);
  };
  Charts.drawAll = (wanted) => wanted.map(([kind, spec]) => Charts.draw(kind, spec));
})();
