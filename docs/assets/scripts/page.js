// Small repairs and comforts; every page reads without them.

// The theme's search dialog has no name for screen readers.
document.querySelector(".md-search[role=dialog]")?.setAttribute("aria-label", "Search");

for (const box of document.querySelectorAll(".task-list-control input")) box.setAttribute("aria-label", "task");

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
    const options = new Set([...table.tBodies[0].rows].flatMap((row) => row.cells[column].textContent.split(", ").map((t) => t.trim())));
    const select = document.createElement("select");
    select.setAttribute("aria-label", `Filter by ${name}`);
    select.add(new Option(`${name}: all`, ""));
    for (const option of [...options].filter((o) => o && o !== "–").sort()) select.add(new Option(option, option));
    form.append(select);
    return { column, select };
  });
  const count = document.createElement("output");
  form.append(count);
  const apply = () => {
    let shown = 0;
    for (const row of table.tBodies[0].rows) {
      const fits = row.textContent.toLowerCase().includes(search.value.toLowerCase())
        && selects.every(({ column, select }) => !select.value || row.cells[column].textContent.split(", ").map((t) => t.trim()).includes(select.value));
      row.hidden = !fits;
      shown += fits;
    }
    count.textContent = `${shown} of ${table.tBodies[0].rows.length}`;
  };
  form.addEventListener("input", apply);
  apply();
  region.before(form);
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
      import(`../explorables/${target.dataset.explorable}.mjs`).then((module) => module.default(target));
    }
  }, { rootMargin: "400px" });
  for (const place of places) watcher.observe(place);
}
