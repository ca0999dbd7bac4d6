// Small repairs and comforts; every page reads without them.
"use strict";

{
  for (const box of document.querySelectorAll(".task-list-control input")) box.setAttribute("aria-label", "task");

  // Code can be copied; where a table or a formula is wider than the page, it is scrolled with the keys as well.
  for (const code of document.querySelectorAll(".highlight pre > code")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
    code.parentElement.after(button);
  }
  const wide = ".md-typeset__scrollwrap, .ad-scroll, .highlight pre > code, .md-typeset pre > code";
  const reach = () => {
    for (const box of document.querySelectorAll(wide)) {
      if (box.tabIndex === 0 || box.scrollWidth <= box.clientWidth + 1 || box.closest("[role=region]")) continue;
      box.tabIndex = 0;
      if (box.tagName === "CODE") continue;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", box.querySelector("svg") ? "Figure, scrolls sideways" : "Table, scrolls sideways");
    }
  };
  addEventListener("load", reach);
  addEventListener("resize", reach);

  // A figure beside the box is small: a button moves it below the box, where it takes the whole width.
  const enlarge = () => {
    for (const figure of document.querySelectorAll(":is(.opening, .at-a-glance) ~ .ad-figure:not(.is-large)")) {
      const small = figure.offsetWidth < 0.9 * figure.closest(".md-content__inner").clientWidth;
      let button = figure.querySelector(".enlarge");
      if (small && !button) {
        button = document.createElement("button");
        button.type = "button";
        button.className = "enlarge";
        button.textContent = "Enlarge";
        button.addEventListener("click", ({ currentTarget }) => {
          currentTarget.textContent = figure.classList.toggle("is-large") ? "Make smaller" : "Enlarge";
          figure.scrollIntoView({ block: "nearest" });
        });
        figure.prepend(button);
      }
      if (button) button.hidden = !small;
    }
  };
  addEventListener("load", enlarge);
  addEventListener("resize", enlarge);

  const value = (row, column) => {
    const cell = row.cells[column];
    const key = cell?.querySelector("[data-sort]")?.dataset.sort ?? cell?.textContent.trim() ?? "";
    const number = Number(key.replace(/[,\s]/g, ""));
    return key !== "" && !Number.isNaN(number) ? number : key.toLowerCase();
  };

  function sortable(table) {
    const body = table.tBodies[0];
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const text = head.textContent.trim();
      if (!text) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const rows = [...body.rows].sort((a, b) => {
          const [x, y] = [value(a, column), value(b, column)];
          if (typeof x !== typeof y) return typeof x === "number" ? -1 : 1;
          return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1);
        });
        body.append(...rows);
      });
    });
  }

  // What a cell is filtered by: what a mark in it says (a range of sizes, a year), or the words it shows.
  const values = (cell) => (cell.querySelector("[data-filter]")?.dataset.filter ?? cell.textContent).split(", ").map((t) => t.trim());

  // Which rows are shown is kept in the address, as the tools keep their settings: "?rows=" for the text, and a column's name for a choice.
  function keep(fields) {
    const url = new URL(location.href);
    for (const [name, { value }] of fields) value ? url.searchParams.set(name, value) : url.searchParams.delete(name);
    history.replaceState(null, "", url);
  }

  function filterable(region, table) {
    const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
    const form = document.createElement("div");
    form.className = "filters";
    const search = document.createElement("input");
    search.type = "search";
    search.placeholder = "Filter rows";
    search.setAttribute("aria-label", "Filter rows by text");
    form.append(search);
    const selects = region.dataset.filters.split(",").map((name) => {
      const column = names.indexOf(name);
      const options = new Set([...table.tBodies[0].rows].flatMap((row) => values(row.cells[column])));
      const select = document.createElement("select");
      select.setAttribute("aria-label", `Filter by ${name}`);
      select.add(new Option(`${name}: all`, ""));
      for (const option of [...options].filter((o) => o && o !== "–").sort((a, b) => a.localeCompare(b, "en", { numeric: true }))) select.add(new Option(option, option));
      form.append(select);
      return { name: name.toLowerCase(), column, select };
    });
    const fields = [["rows", search], ...selects.map(({ name, select }) => [name, select])];
    const asked = new URLSearchParams(location.search);
    for (const [name, field] of fields) field.value = asked.get(name) ?? "";
    const count = document.createElement("output");
    form.append(count);
    const apply = () => {
      let shown = 0;
      for (const row of table.tBodies[0].rows) {
        const fits = row.textContent.toLowerCase().includes(search.value.toLowerCase())
          && selects.every(({ column, select }) => !select.value || values(row.cells[column]).includes(select.value));
        row.hidden = !fits;
        shown += fits;
      }
      count.textContent = `${shown} of ${table.tBodies[0].rows.length}`;
    };
    form.addEventListener("input", () => {
      apply();
      keep(fields);
    });
    apply();
    region.before(form);
    region.classList.add("is-filterable");
  }

  for (const region of document.querySelectorAll(".data-table")) {
    const table = region.querySelector("table");
    if (!table?.tHead || !table.tBodies[0]) continue;
    sortable(table);
    if (region.dataset.filters) filterable(region, table);
  }

  // Explorables: a module is fetched when its place comes near, and only on the pages that have one.
  const places = document.querySelectorAll("[data-explorable]");
  if (places.length) {
    const watcher = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        watcher.unobserve(target);
        const name = target.dataset.explorable;
        // The offline archive holds the modules as a script: a browser reads no modules from a disk.
        (globalThis.siteModules?.load(name) ?? import(`../explorables/${name}.mjs`)).then((module) => module.default(target));
      }
    }, { rootMargin: "400px" });
    for (const place of places) watcher.observe(place);
  }

  // Search: the dialog opens at once; the engine, the index and what it shows are fetched the first time.
  const opener = document.querySelector("[data-search]");
  const script = (address) => new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = address;
    element.onload = resolve;
    element.onerror = () => reject(new Error(`${address} cannot be read`));
    document.head.append(element);
  });
  let searching;
  function openSearch(words = "") {
    if (!searching) {
      searching = document.createElement("dialog");
      searching.className = "site-search__dialog";
      searching.setAttribute("aria-label", "Search");
      searching.innerHTML = `<form role="search" class="site-search__form"><input type="search" class="site-search__input md-search__input" aria-label="Search" aria-controls="search-results"
        placeholder="A name, an acronym, “X vs Y”, a model" autocomplete="off" autocapitalize="off" autocorrect="off" spellcheck="false" enterkeyhint="search"><button type="button" class="site-search__close" aria-label="Close">Esc</button></form>
        <p class="site-search__status" role="status"></p><ol class="site-search__results" id="search-results"></ol>`;
      document.body.append(searching);
      searching.querySelector("button").addEventListener("click", () => searching.close());
      searching.addEventListener("click", (event) => event.target === searching && searching.close());
      // Enter pressed before the index has come is answered when it has.
      const form = searching.querySelector("form");
      let isWanted = false;
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        isWanted = true;
      });
      const root = new URL("../../", new URL(opener.dataset.search, location.href)).href;
      script(opener.dataset.search)
        .then(() => script(`${root}search/index.js`))
        .then(() => {
          globalThis.siteSearch.serve(searching, root, script);
          if (isWanted) form.requestSubmit();
        })
        .catch((error) => { searching.querySelector("[role=status]").textContent = `Search does not work here: ${error.message}.`; });
    }
    if (!searching.open) searching.showModal();
    const input = searching.querySelector("input");
    if (words) input.value = words;
    input.select();
  }
  if (opener) {
    opener.addEventListener("click", () => openSearch());
    document.addEventListener("keydown", (event) => {
      const field = event.target.isContentEditable || event.target.matches("input:not([type=range], [type=checkbox], [type=radio]), textarea, select");
      const writing = field && !event.target.closest("dialog:not([open])"); // which keeps the focus until the next frame
      const slash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !writing;
      const k = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      if (!slash && !k) return;
      event.preventDefault();
      openSearch();
    });
    const asked = new URLSearchParams(location.search).get("q");
    if (asked) openSearch(asked);
  }
}
