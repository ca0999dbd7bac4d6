// The site's search: an engine over the static index in search/index.js, and the dialog that shows what it finds.
// A classic script, read when the reader first searches; it works from a disk as it does from a server.
// The index is made by hooks/archpublish/search.py; words are folded as in hooks/archpublish/words.py.
"use strict";

const siteSearch = (() => {
  const WORD = /[\p{L}\p{N}]+(?:\.\p{Nd}+)*/gu;
  const MARKS = /\p{M}/gu;
  const BRITISH = [[/iz(?=[eia])/g, "is"], [/yz(?=[ei])/g, "ys"], [/our(?=s?$|al|ed)/g, "or"], [/ll(?=ing$|ed$|er$)/g, "l"], [/tre$/, "ter"]];
  const STOP = new Set(("a an and architecture are as at be between by can difference do doe explain explained for from ha have how i in into is"
    + " it its many most much of on or out should so that the their there these thi to use used using vs versus wa what when where which why"
    + " will with work you your").split(" "));
  const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%&()*+,-./:;<=>?@[]^_`{|}";
  const BASE = DIGITS.length >> 1;
  // Pages on the field, lists of everything, pages on this site, checks, the bibliography.
  const KIND = [1, 0.5, 0.5, 0.25, 0.3];

  function fold(word) {
    if (word.length > 4) for (const [pattern, other] of BRITISH) word = word.replace(pattern, other);
    if (word.length > 3 && word.endsWith("s") && !/(ss|us|is)$/.test(word)) {
      return word.endsWith("ies") && word.length > 4 ? `${word.slice(0, -3)}y` : word.slice(0, -1);
    }
    return word;
  }

  const plain = (text) => text.normalize("NFKD").replace(MARKS, "").toLowerCase();
  const words = (text) => (plain(text).match(WORD) ?? []).map(fold);

  // Whether one letter more, less or other, or two exchanged, makes `a` into `b`.
  function near(a, b) {
    if (Math.abs(a.length - b.length) > 1) return false;
    let i = 0;
    while (i < a.length && a[i] === b[i]) i += 1;
    const [x, y] = [a.slice(i), b.slice(i)];
    return x.slice(1) === y.slice(1) || x.slice(1) === y || x === y.slice(1)
      || (x[0] === y[1] && x[1] === y[0] && x.slice(2) === y.slice(2));
  }

  // --- The index ---

  let index = null;
  const texts = new Map();

  function decode(places) {
    const found = [];
    let number = 0;
    let place = 0;
    for (const digit of places) {
      const value = DIGITS.indexOf(digit);
      if (value >= BASE) {
        number = number * BASE + value - BASE;
        continue;
      }
      number = number * BASE + value;
      place += Math.floor(number / 3);
      found.push(place, [1, 2, 4][number % 3]);
      number = 0;
    }
    return found;
  }

  function read(data) {
    const pages = data.pages.map(([address, title, about, kind, heads]) => ({ address, title, about, kind, heads }));
    const pageOf = [];
    const firstOf = [];
    pages.forEach((page, number) => {
      firstOf.push(pageOf.length);
      for (let i = 0; i <= page.heads.length; i += 1) pageOf.push(number);
    });
    const known = data.words.split(" ");
    const places = data.places.split(" ");
    index = { pages, pageOf, firstOf, places: new Map(known.map((word, i) => [word, places[i]])), names: new Map(), spaced: [], fields: new Map(), spread: new Map() };
    const field = (word, page, section, weight) => {
      if (!index.fields.has(word)) index.fields.set(word, []);
      index.fields.get(word).push([page, section, weight]);
    };
    const named = data.named.split(" ");
    data.names.split("\n").forEach((name, number) => {
      const given = named[number].split(",").map(Number);
      const parts = name.split(" ");
      const key = parts.join("");
      if (!index.names.has(key)) index.names.set(key, []);
      index.spaced.push([` ${name}`, key, parts.filter((part) => !STOP.has(part))]);
      for (let i = 0; i < given.length; i += 2) {
        index.names.get(key).push([given[i], given[i + 1], parts.length]);
        for (const part of parts) field(part, given[i], -1, (given[i + 1] / 10) * 2.5 / Math.sqrt(parts.length));
      }
    });
    pages.forEach((page, number) => {
      const about = words(page.about);
      for (const word of new Set(about)) field(word, number, -1, 1.2);
      page.heads.forEach(([, title], i) => {
        for (const word of new Set(words(title))) field(word, number, firstOf[number] + 1 + i, 1.1);
      });
    });
    index.vocabulary = [...new Set([...[...index.places.keys()].sort(), ...index.fields.keys()])];
  }

  // Pages and sections where a word stands: [page → weight, section → weight].
  function spread(word) {
    if (index.spread.has(word)) return index.spread.get(word);
    const byPage = new Map();
    const bySection = new Map();
    const best = new Map();
    for (const [page, section, weight] of index.fields.get(word) ?? []) {
      best.set(page, Math.max(best.get(page) ?? 0, weight));
      if (section >= 0) bySection.set(section, (bySection.get(section) ?? 0) + 2 * weight);
    }
    const count = new Map();
    const found = decode(index.places.get(word) ?? "");
    for (let i = 0; i < found.length; i += 2) {
      const page = index.pageOf[found[i]];
      count.set(page, (count.get(page) ?? 0) + found[i + 1]);
      bySection.set(found[i], (bySection.get(found[i]) ?? 0) + found[i + 1] / (found[i + 1] + 2));
    }
    for (const [page, times] of count) byPage.set(page, times / (times + 6));
    for (const [page, weight] of best) byPage.set(page, (byPage.get(page) ?? 0) + weight);
    const result = [byPage, bySection];
    index.spread.set(word, result);
    return result;
  }

  const rarity = (word) => Math.log(1 + index.pages.length / (0.5 + spread(word)[0].size));

  // What a word of a query may mean: [word of the index, trust]. Exact; begun with it; one letter away.
  function meanings(word, last) {
    const found = [];
    const exact = index.places.has(word) || index.fields.has(word);
    if (exact) found.push([word, 1]);
    if ((last || !exact) && word.length > 1) {
      const begun = index.vocabulary.filter((other) => other.length > word.length && other.startsWith(word));
      const size = (other) => (index.fields.get(other)?.length ?? 0) * 4 + (index.places.get(other)?.length ?? 0);
      begun.sort((a, b) => size(b) - size(a));
      for (const other of begun.slice(0, 8)) found.push([other, (exact ? 0.25 : 0.75) * Math.sqrt(word.length / other.length)]);
    }
    if (word.length > 3 && (!exact || spread(word)[0].size < 3)) {
      for (const other of index.vocabulary) {
        if (other !== word && other.length > 2 && (near(word, other) || (other.includes("is") && near(word, other.replace(/is(?=[eia])/, "iz"))))) {
          found.push([other, (exact ? 0.3 : 0.8) * (other[0] === word[0] ? 1 : 0.75) * (index.fields.has(other) ? 1 : 0.7)]);
        }
      }
    }
    if (!found.length && word.length > 5) {
      const stem = word.slice(0, Math.max(5, word.length - 3));
      const alike = index.vocabulary.filter((other) => other.startsWith(stem));
      for (const other of alike.slice(0, 8)) found.push([other, 0.5]);
    }
    return found;
  }

  // The names that parts of the query spell: [first word, word after the last, page, weight].
  function named(query, senses) {
    const found = [];
    const add = (from, to, key, trust) => {
      for (const [page, weight] of index.names.get(key) ?? []) found.push([from, to, page, (weight / 10) * trust]);
    };
    for (let from = 0; from < query.length; from += 1) {
      for (let to = from + 1; to <= Math.min(query.length, from + 7); to += 1) {
        const key = query.slice(from, to).join("");
        if (STOP.has(query[from]) && to === from + 1 && query.length > 1) continue;
        add(from, to, key, 1);
        for (let i = from; i < to; i += 1) {
          for (const [other, trust] of senses[i]) {
            if (other === query[i] || trust < 0.4) continue;
            add(from, to, [...query.slice(from, i), other, ...query.slice(i + 1, to)].join(""), trust);
          }
        }
        if (from === 0 && to === query.length && key.length > 4 && !index.names.has(key)) {
          for (const other of index.names.keys()) if (near(key, other)) add(from, to, other, 0.8);
        }
      }
    }
    // All of the query inside a longer name, its last word perhaps not finished.
    const all = ` ${query.join(" ")}`;
    if (all.length > 3) {
      for (const [name, key] of index.spaced) {
        if (name.length > all.length && name.includes(all)) add(0, query.length, key, (name.startsWith(all) ? 0.7 : 0.5) * Math.sqrt(all.length / name.length));
      }
    }
    return found;
  }

  // For each page the best way to read the query as names of it, one after another.
  function nameScores(query, senses, heavy) {
    const byPage = new Map();
    for (const [from, to, page, weight] of named(query, senses)) {
      if (!byPage.has(page)) byPage.set(page, []);
      byPage.get(page).push([from, to, weight]);
    }
    const total = heavy.reduce((a, b) => a + b, 0);
    const scores = new Map();
    for (const [page, spans] of byPage) {
      const best = new Array(query.length + 1).fill(0);
      for (let end = 1; end <= query.length; end += 1) {
        best[end] = best[end - 1];
        for (const [from, to, weight] of spans) {
          if (to !== end) continue;
          const part = heavy.slice(from, to).reduce((a, b) => a + b, 0) / total;
          best[end] = Math.max(best[end], best[from] + weight * part ** 1.3);
        }
      }
      scores.set(page, best[query.length]);
    }
    for (const [page, score] of scattered(query, heavy, total)) scores.set(page, Math.max(scores.get(page) ?? 0, score));
    return scores;
  }

  // Names all of whose words the query has, in another order or with words between them: "distillation on policy".
  function scattered(query, heavy, total) {
    const found = new Map();
    const place = new Map(query.map((word, i) => [word, i]));
    for (const [, key, parts] of index.spaced) {
      if (parts.length < 2 || !parts.every((part) => place.has(part))) continue;
      const part = parts.reduce((sum, word) => sum + heavy[place.get(word)], 0) / total;
      for (const [page, weight] of index.names.get(key)) {
        found.set(page, Math.max(found.get(page) ?? 0, 0.6 * (weight / 10) * part ** 1.3));
      }
    }
    return found;
  }

  // Pages for a query, best first: {page, sections, score}; `shown` are the words to mark.
  function find(text, most = 10) {
    const query = words(text);
    if (!query.length || !index) return { pages: [], shown: new Set() };
    const content = query.some((word) => !STOP.has(word)) ? (word) => !STOP.has(word) : () => true;
    const ended = /\s$/.test(text);
    const senses = query.map((word, i) => (content(word) ? meanings(word, i === query.length - 1 && !ended) : []));
    const scores = new Map();
    const sections = new Map();
    const matched = new Map();
    const shown = new Set(query.filter(content));
    if (!ended) shown.begun = query.at(-1);
    const heavy = new Array(query.length).fill(0.001);
    let whole = 0;
    query.forEach((word, i) => {
      if (!content(word)) return;
      const idf = senses[i].length ? Math.max(...senses[i].map(([other, trust]) => trust * rarity(other))) : 5;
      whole += idf;
      heavy[i] = idf;
      const pages = new Map();
      for (const [other, trust] of senses[i]) {
        if (trust >= 0.5) shown.add(other);
        const [byPage, bySection] = spread(other);
        for (const [page, weight] of byPage) pages.set(page, Math.max(pages.get(page) ?? 0, trust * weight));
        for (const [section, weight] of bySection) {
          if (!sections.has(section)) sections.set(section, new Array(query.length).fill(0));
          const row = sections.get(section);
          row[i] = Math.max(row[i], trust * weight * idf);
        }
      }
      for (const [page, weight] of pages) {
        scores.set(page, (scores.get(page) ?? 0) + weight * idf);
        matched.set(page, (matched.get(page) ?? 0) + idf * Math.min(1, weight * 4));
      }
    });
    const names = nameScores(query, senses, heavy);
    const compared = sides(query).length > 0;
    for (const side of sides(query)) {
      const of = (list) => list.slice(...side);
      for (const [page, score] of nameScores(of(query), of(senses), of(heavy))) names.set(page, Math.max(names.get(page) ?? 0, 0.85 * score));
    }
    const found = [...new Set([...scores.keys(), ...names.keys()])].map((page) => {
      const covered = whole ? (matched.get(page) ?? 0) / whole : 0;
      const score = ((scores.get(page) ?? 0) / (whole || 1)) * covered ** 1.5 + together(page, sections) / (whole || 1) + 6 * (names.get(page) ?? 0) * (compared ? covered : 1);
      return { page, score: score * KIND[index.pages[page].kind] };
    });
    found.sort((a, b) => b.score - a.score || a.page - b.page);
    const least = (found[0]?.score ?? 0) / 25;
    const pages = found.slice(0, most).filter(({ score }) => score > least);
    return { pages: pages.map(({ page, score }) => ({ ...index.pages[page], score, sections: parts(page, sections) })), shown };
  }

  // The two sides of a comparison, each from its first word to the one after its last.
  function sides(query) {
    const between = query.indexOf("between");
    const and = query.indexOf("and", between);
    if (between >= 0 && query.includes("difference") && and > between + 1 && and < query.length - 1) return [[between + 1, and], [and + 1, query.length]];
    const middle = query.findIndex((word, i) => i > 0 && i < query.length - 1 && (word === "vs" || word === "versus"));
    return middle < 0 ? [] : [[0, middle], [middle + 1, query.length]];
  }

  // How much of the query stands in one section of a page.
  function together(page, sections) {
    let most = 0;
    for (let section = index.firstOf[page]; index.pageOf[section] === page; section += 1) {
      const row = sections.get(section);
      if (row) most = Math.max(most, row.reduce((a, b) => a + b, 0) * row.filter(Boolean).length / row.length);
    }
    return Math.min(most, 12);
  }

  // The sections of a page that hold most of the query.
  function parts(page, sections) {
    const first = index.firstOf[page];
    const rows = index.pages[page].heads.map(([anchor, title], i) => {
      const row = sections.get(first + 1 + i) ?? [];
      return { anchor, title, score: row.reduce((a, b) => a + b, 0) * row.filter(Boolean).length };
    });
    rows.sort((a, b) => b.score - a.score);
    return rows.filter(({ anchor, score }) => anchor !== "references" && score > 0 && score >= rows[0].score / 3).slice(0, 3);
  }

  // --- Excerpts ---

  function text(address, sections) {
    texts.set(address, sections);
  }

  const fits = (word, shown) => shown.has(word) || (shown.begun?.length > 2 && word.startsWith(shown.begun));

  // The places of the words to mark: [from, to].
  function marks(passage, shown) {
    const found = [];
    for (const match of passage.matchAll(WORD)) {
      if (fits(fold(plain(match[0])), shown)) found.push([match.index, match.index + match[0].length]);
    }
    return found;
  }

  // The part of a passage where most of the words stand close together.
  function excerpt(passage, shown, length = 180) {
    const places = marks(passage, shown);
    let start = 0;
    let most = 0;
    places.forEach(([from], i) => {
      const inside = places.slice(i).filter(([, to]) => to < from + length - 30);
      const kinds = new Set(inside.map(([a, b]) => fold(plain(passage.slice(a, b))))).size;
      if (kinds * 10 + inside.length > most) {
        most = kinds * 10 + inside.length;
        start = from;
      }
    });
    // Begin with the sentence where there is room, otherwise with a word.
    const before = Math.max(passage.lastIndexOf(". ", start - 1) + 2, passage.lastIndexOf("… ", start - 1) + 2, 0);
    if (start <= length - 60 || before < 2) start = start <= length - 60 ? 0 : passage.indexOf(" ", start - 40) + 1;
    else start = start - before < 70 ? before : passage.indexOf(" ", start - 40) + 1;
    let end = start + length;
    if (end < passage.length) end = passage.lastIndexOf(" ", end);
    else end = passage.length;
    return `${start > 0 ? "… " : ""}${passage.slice(start, end)}${end < passage.length ? " …" : ""}`;
  }

  // --- The dialog ---

  // Text with the words to mark inside <mark>.
  function marked(element, passage, shown) {
    let end = 0;
    for (const [from, to] of marks(passage, shown)) {
      const mark = document.createElement("mark");
      mark.textContent = passage.slice(from, to);
      element.append(passage.slice(end, from), mark);
      end = to;
    }
    element.append(passage.slice(end));
    return element;
  }

  function part(tag, name, passage = "", shown = new Set()) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    return marked(element, passage, shown);
  }

  // The hub above a page, by its title.
  function hub(address) {
    const above = address.replace(/[^/]+\/$/, "");
    return above && above !== address ? (index.pages.find((page) => page.address === above)?.title.split(/[:,(]/)[0] ?? "") : "";
  }

  // Answers what is written in `dialog`; `root` is the site's address, `load` reads a script.
  function serve(dialog, root, load) {
    const [input, status, list] = ["input", "[role=status]", "ol"].map((selector) => dialog.querySelector(selector));
    const links = () => [...list.querySelectorAll("a")];
    const file = location.protocol === "file:" ? "index.html" : "";
    let turn = 0;

    function item(page, shown) {
      const entry = part("li", "site-search__page");
      const link = part("a", "site-search__link md-search-result__link");
      link.href = root + page.address + file;
      link.append(part("span", "site-search__title", page.title, shown), part("span", "site-search__hub", hub(page.address)));
      if (page.about) link.append(part("span", "site-search__about", page.about, shown));
      entry.append(link);
      if (!page.sections.length) return entry;
      const rows = part("ul");
      for (const { anchor, title } of page.sections) {
        const row = part("a", "site-search__link md-search-result__link");
        row.href = `${root}${page.address}${file}#${anchor}`;
        row.dataset.anchor = anchor;
        row.append(part("span", "site-search__heading", title, shown), part("span", "site-search__excerpt"));
        const line = part("li");
        line.append(row);
        rows.append(line);
      }
      entry.append(rows);
      return entry;
    }

    async function fill(entry, page, shown) {
      if (!page.sections.length || page.kind >= 3 || (page.kind === 1 && page.address !== "reference/glossary/")) return;
      if (!texts.has(page.address)) await load(`${root}search/text/${page.address.replace(/\/$/, "") || "index"}.js`);
      const known = texts.get(page.address) ?? {};
      for (const row of entry.querySelectorAll("[data-anchor]")) {
        const passage = known[row.dataset.anchor];
        if (passage) row.lastChild.replaceWith(part("span", "site-search__excerpt", excerpt(passage, shown), shown));
      }
    }

    function answer() {
      turn += 1;
      const now = turn;
      const { pages, shown } = find(input.value);
      list.replaceChildren(...pages.map((page) => item(page, shown)));
      list.scrollTop = 0;
      const count = pages.length === 1 ? "1 page" : `${pages.length} pages`;
      status.textContent = pages.length ? `${count} found; the arrow keys move through them.` : input.value.trim()
        ? "Nothing found. The glossary and the bibliography list all terms and papers." : "Names, acronyms, models, comparisons; a letter may be wrong.";
      pages.forEach((page, i) => {
        fill(list.children[i], page, shown).catch(() => {}).finally(() => {
          if (now === turn && i === pages.length - 1) dialog.dataset.answered = input.value;
        });
      });
    }

    input.addEventListener("input", answer);
    dialog.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      links()[0]?.click();
    });
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.preventDefault(); // or a search field would only be emptied
        dialog.close();
        return;
      }
      const all = [input, ...links()];
      const at = all.indexOf(document.activeElement);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && at >= 0) {
        event.preventDefault();
        all[Math.max(0, Math.min(all.length - 1, at + step))].focus();
      } else if (at > 0 && event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) {
        input.focus();
      }
    });
    // A link within the page on which the dialog stands does not leave it.
    list.addEventListener("click", (event) => event.target.closest("a") && dialog.close());
    answer();
  }

  // What pages are called, as [name, addresses]; for the tests.
  const names = () => index.spaced.map(([name, key]) => [name.trim(), index.names.get(key).map(([page]) => index.pages[page].address)]);

  return { words, common: [...STOP].sort(), read, text, find, names, serve };
})();
globalThis.siteSearch = siteSearch;
