/* Search over indicators, areas and definitions that forgives spelling: shared trigrams, no index. */

(() => {
  "use strict";

  const folded = (text) =>
    text
      .toLowerCase()
      .normalize("NFD")
      .replace(/[\u0300-\u036f]/g, "")
      .replace(/[^a-z0-9]+/g, " ")
      .trim();
  const trigrams = (word) => Array.from(word, (_, at) => ` ${word} `.slice(at, at + 3));

  /* How well a word is met by another: 1 where it begins it, less where only some trigrams are shared. */
  function likeness(asked, word, grams) {
    if (word === asked) return 1.2;
    if (word.startsWith(asked)) return 1;
    if (asked.length < 4) return 0;
    const theirs = trigrams(word);
    const shared = grams.filter((gram) => theirs.includes(gram)).length;
    const alike = (2 * shared) / (grams.length + theirs.length);
    return alike >= 0.4 ? alike * 0.8 : near(asked, word) ? 0.6 : 0;
  }

  /* One letter wrong, missing, added or two changed over. */
  function near(a, b) {
    if (Math.abs(a.length - b.length) > 1) return false;
    let at = 0;
    while (at < a.length && a[at] === b[at]) at += 1;
    const rest = (word, skip) => word.slice(at + skip);
    return (
      rest(a, 1) === rest(b, 1) ||
      rest(a, 1) === rest(b, 0) ||
      rest(a, 0) === rest(b, 1) ||
      (a[at] === b[at + 1] && a[at + 1] === b[at] && rest(a, 2) === rest(b, 2))
    );
  }

  /* What may be found: how it is called, its kind, the view it leads to, and its words with their weights. */
  let entries = null;
  function entriesOf(definitions) {
    const weighed = (text, weight) => [...new Set(folded(text).split(" "))].map((word) => [word, weight]);
    return [
      ...O.core.kinds.map(({ id, title, reach, index }) => ({
        kind: "Indicator",
        name: title,
        view: "compare",
        asked: { i: id },
        reach,
        words: [...weighed(title, 1), ...weighed(definitions[index].join(" "), 0.5)],
      })),
      ...O.core.areas
        .filter((area) => !area.isPast)
        .map(({ kind, name, code }) => ({
          kind,
          name,
          view: "area",
          asked: { a: code },
          reach: 0,
          words: weighed(`${name} ${code}`, 1.05),
        })),
    ];
  }

  O.find = (asked, definitions) => {
    const terms = folded(asked)
      .split(" ")
      .filter((term) => term.length > 1)
      .map((term) => [term, trigrams(term)]);
    if (!terms.length) return [];
    entries ??= entriesOf(definitions);
    const scored = entries.map((entry) => {
      const best = terms.map(([term, grams]) =>
        Math.max(0, ...entry.words.map(([word, weight]) => likeness(term, word, grams) * weight)),
      );
      const met = best.filter((score) => score > 0).length;
      return {
        entry,
        score: met === terms.length ? best.reduce((sum, score) => sum + score, 0) / terms.length : met * 0.1,
      };
    });
    const good = scored.filter(({ score }) => score >= 0.3);
    const found = good.length ? good : scored.filter(({ score }) => score > 0);
    /* Of two that are met alike, the one that more areas have a value of: a measure of one area alone comes after. */
    return found
      .sort(
        (a, b) =>
          b.score - a.score || b.entry.reach - a.entry.reach || a.entry.name.length - b.entry.name.length,
      )
      .slice(0, 12)
      .map(({ entry }) => entry);
  };
})();
