/* What is seen, saved: pictures and tables that say what they are, so that they can stand alone. */

(() => {
  "use strict";

  const { esc } = Charts;

  /* What every export says besides the figures, as name and words. */
  function particulars(about) {
    const made = `Release ${O.core.release} of ${O.core.made}`;
    return [["Title", about.title], ["Of whom", about.whom], ["Area", about.area], ["Compared with", about.comparator], ["Period", about.period], ["Source", about.source],
      ["Notes", (about.notes || []).join("; ")], ["Made-up data", O.core.synthetic ? "Every figure is made up to try the tool out" : ""], ["From", made]]
      .concat(O.core.attributions.map((line) => ["Attribution", line])).filter(([, words]) => words);
  }

  function wrapped(words, most) {
    const lines = [""];
    words.split(/\s+/).forEach((word) => {
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
    const note = figure.querySelector(".small");
    const words = particulars(about).concat(note ? [["Map or chart", note.textContent]] : []);
    const lines = words.flatMap(([name, said]) => wrapped(`${name}: ${said}`, width / 6));
    const top = 14 + caption.length * 20;
    const whole = top + height + lines.length * 16 + 24;
    const text = (line, x, y, more) => `<text x="${x}" y="${y}"${more}>${esc(line)}</text>`;
    const inner = new XMLSerializer().serializeToString(chart).replace(/^<svg /, `<svg x="0" y="${top}" `);
    return { width, height: whole, text: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${whole}" width="${width}" height="${whole}" font-family="Arial, Helvetica, sans-serif" fill="#212b32"><rect width="${width}" height="${whole}" fill="#fff"/>`
      + caption.map((line, index) => text(line, 8, 22 + index * 20, ' font-size="16" font-weight="700"')).join("") + inner
      + lines.map((line, index) => text(line, 8, top + height + 20 + index * 16, ' font-size="11"')).join("") + "</svg>" };
  }

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
  function png({ width, height, text }, name) {
    const image = new Image();
    const address = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
    image.onload = () => {
      const times = Math.min(2, 16000 / height);
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(width * times);
      canvas.height = Math.round(height * times);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => save(blob, name), "image/png");
      URL.revokeObjectURL(address);
    };
    image.src = address;
  }

  /* A cell as a spreadsheet may open it: a number as it is, text that would run as a formula made harmless. */
  function csvCell(words) {
    const text = String(words === null || words === undefined ? "" : words).trim();
    const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  }

  /* A cell as the file has it: its plain numbers where it has any, else its words. */
  const saved = (cell) => (cell.dataset.v === undefined ? [cell.innerText.replace(/\s+/g, " ")] : cell.dataset.v.split(";"));

  function csv(tables, about) {
    const lines = particulars(about).map((pair) => pair.map(csvCell).join(","));
    tables.forEach((table) => {
      lines.push("", csvCell(table.caption.textContent));
      [...table.rows].forEach((row) => lines.push([...row.cells].flatMap(saved).map(csvCell).join(",")));
    });
    return `\ufeff${lines.join("\r\n")}\r\n`;
  }

  O.csvCell = csvCell;
  O.exportFrom = (button, about, address) => {
    const name = (end) => `${[about.title, about.area, about.period].filter(Boolean).join(" ").toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 80)}.${end}`;
    const said = Object.assign({}, about, { notes: (about.notes || []).concat(`Seen at ${address}`) });
    if (button.dataset.export === "csv") {
      const place = button.closest("section") && button.closest("section").querySelector("table") ? button.closest("section") : document.getElementById("view");
      save(new Blob([csv([...place.querySelectorAll("table")], said)], { type: "text/csv;charset=utf-8" }), name("csv"));
      return;
    }
    const drawn = picture(button.closest("figure"), said);
    if (button.dataset.export === "svg") save(new Blob([drawn.text], { type: "image/svg+xml" }), name("svg"));
    else png(drawn, name("png"));
  };
})();
