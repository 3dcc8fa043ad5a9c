/* What is seen, saved: pictures and tables that say what they are, so that they can stand alone. */

(() => {
  "use strict";

  const { FONT, INK, text } = Charts;
  const { listed, words } = O;

  /* What every export says besides the figures, as pairs of a name and words. */
  function particulars(about) {
    const names = words("exported");
    const said = {
      ...about,
      notes: listed(about.notes, "; "),
      made_up: O.core.synthetic ? words("notes").made_up : "",
      from: `Release ${O.core.release} of ${O.core.made}`,
    };
    return [
      ...Object.keys(names).map((part) => [names[part], said[part]]),
      ...O.core.attributions.map((line) => [names.attribution, line]),
    ].filter(([, line]) => line);
  }

  function wrapped(sentence, most) {
    const lines = [""];
    sentence.split(/\s+/).forEach((word) => {
      if (lines[lines.length - 1].length + word.length > most) lines.push("");
      lines[lines.length - 1] += `${word} `;
    });
    return lines.map((line) => line.trim());
  }

  /* The chart with its particulars written below it, as a file of its own. */
  function picture(figure, about) {
    const chart = figure.querySelector("svg");
    const [width, height] = [Math.max(480, chart.width.baseVal.value), chart.height.baseVal.value];
    const caption = wrapped(figure.querySelector("figcaption").textContent, width / 8.6);
    const note = figure.querySelector(".small")?.textContent;
    const lines = particulars({ ...about, note }).flatMap(([name, said]) =>
      wrapped(`${name}: ${said}`, width / 6),
    );
    const top = 14 + caption.length * 20;
    const whole = top + height + lines.length * 16 + 24;
    const size = `width="${width}" height="${whole}"`;
    const inner = new XMLSerializer().serializeToString(chart).replace(/^<svg /, `<svg x="0" y="${top}" `);
    return {
      width,
      height: whole,
      type: "image/svg+xml",
      text:
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${whole}" ${size} ${FONT} fill="${INK}"><rect ${size} fill="#fff"/>` +
        caption
          .map((line, index) => text(8, 22 + index * 20, line, ' font-size="16" font-weight="700"'))
          .join("") +
        inner +
        lines
          .map((line, index) => text(8, top + height + 20 + index * 16, line, ' font-size="11"'))
          .join("") +
        "</svg>",
    };
  }

  const blobOf = ({ text: content, type }) => new Blob([content], { type });
  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  /* A canvas has a largest height: what is taller is drawn smaller. */
  function savePng(drawn, name) {
    const image = new Image();
    const address = URL.createObjectURL(blobOf(drawn));
    image.onload = () => {
      const times = Math.min(2, 16000 / drawn.height);
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(drawn.width * times);
      canvas.height = Math.round(drawn.height * times);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => save(blob, name), "image/png");
      URL.revokeObjectURL(address);
    };
    image.src = address;
  }

  /* A cell as a spreadsheet may open it: a number as it is, text that would run as a formula made harmless. */
  function csvCell(content) {
    const said = String(content ?? "").trim();
    const safe = /^[=+\-@\t\r]/.test(said) && !/^-?\d+(\.\d+)?$/.test(said) ? `'${said}` : said;
    return /[",\n\r]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  }

  /* A cell as the file has it: its plain numbers where it has any, else its words. */
  const saved = (cell) => cell.dataset.v?.split(";") ?? [cell.innerText.replace(/\s+/g, " ")];

  function csv(place, about) {
    const rows = particulars(about);
    place
      .querySelectorAll("table")
      .forEach((table) =>
        rows.push(
          [],
          [table.caption.textContent],
          ...[...table.rows].map((row) => [...row.cells].flatMap(saved)),
        ),
      );
    return {
      type: "text/csv;charset=utf-8",
      text: `\ufeff${rows.map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`,
    };
  }

  O.csvCell = csvCell;
  O.exportFrom = (button, about, address) => {
    const end = button.dataset.export;
    const name = `${listed([about.title, about.area, about.period], " ")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .slice(0, 80)}.${end}`;
    const said = { ...about, notes: [...(about.notes || []), `Seen at ${address}`] };
    if (end === "csv") {
      const section = button.closest("section");
      save(
        blobOf(csv(section?.querySelector("table") ? section : document.getElementById("view"), said)),
        name,
      );
      return;
    }
    const drawn = picture(button.closest("figure"), said);
    if (end === "svg") save(blobOf(drawn), name);
    else savePng(drawn, name);
  };
})();
