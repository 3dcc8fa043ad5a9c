/* Search over indicators, areas and definitions that forgives spelling: shared trigrams, no index. */

(() => {
  "use strict";

  const folded = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9]+/g, " ").trim();
  const trigrams = (word) => { const edged = ` ${word} `; return Array.from({ length: edged.length - 2 }, (_, at) => edged.slice(at, at + 3)); };

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
    return rest(a, 1) === rest(b, 1) || rest(a, 1) === rest(b, 0) || rest(a, 0) === rest(b, 1) || (a[at] === b[at + 1] && a[at + 1] === b[at] && rest(a, 2) === rest(b, 2));
  }

  let entries = null;
  function listed(definitions) {
    if (entries) return entries;
    const words = (text, weight) => [...new Set(folded(text).split(" "))].map((word) => [word, weight]);
    entries = O.core.kinds.map((kind) => ({ kind: "Indicator", name: kind.title, address: { view: "compare", i: kind.id }, reach: kind.reach, words: words(kind.title, 1).concat(words(definitions[kind.index].join(" "), 0.5)) }))
      .concat(O.core.areas.filter((area) => !area.isPast).map((area) => ({ kind: O.levelName(area.level), name: area.name, address: { view: "area", a: area.code }, reach: 0, words: words(`${area.name} ${area.code}`, 1.05) })));
    return entries;
  }

  O.find = (asked, definitions) => {
    const terms = folded(asked).split(" ").filter((term) => term.length > 1);
    if (!terms.length) return [];
    const wanted = terms.map((term) => [term, trigrams(term)]);
    const scored = listed(definitions).map((entry) => {
      const best = wanted.map(([term, grams]) => entry.words.reduce((most, [word, weight]) => Math.max(most, likeness(term, word, grams) * weight), 0));
      const met = best.filter((score) => score > 0).length;
      return { entry, score: met === terms.length ? best.reduce((sum, score) => sum + score, 0) / terms.length : met * 0.1 };
    });
    const good = scored.filter(({ score }) => score >= 0.3);
    const found = good.length ? good : scored.filter(({ score }) => score > 0);
    /* Of two that are met alike, the one that more areas have a value of: a measure of one area alone comes after. */
    return found.sort((a, b) => b.score - a.score || b.entry.reach - a.entry.reach || a.entry.name.length - b.entry.name.length).slice(0, 12).map(({ entry }) => entry);
  };
})();
