// Leaves of a hub's page only what belongs on its cheat sheet; run in the page by sheets.py.
([heading, licence]) => {
  const section = id => {
    const found = [];
    let element = document.getElementById(id);
    if (!element) return found;
    found.push(element);
    while ((element = element.nextElementSibling) && element.tagName !== "H2") found.push(element);
    return found;
  };
  const when = [...document.querySelectorAll("article h2")].find(h => /^which one|^which .* when|^when to/i.test(h.textContent));
  const parts = [...section(heading), ...(when ? section(when.id) : [])];
  const sheet = document.createElement("main");
  sheet.className = "sheet md-typeset";
  const head = document.createElement("header");
  const title = document.createElement("h1");
  title.textContent = document.querySelector("h1").textContent.trim();
  const lead = document.createElement("p");
  lead.className = "lead";
  lead.textContent = document.querySelector(".page-head__lead")?.textContent.trim() ?? "";
  head.append(title, lead);
  const figure = document.querySelector("article figure.ad-figure:has(svg)")?.cloneNode(true);
  figure?.querySelector("figcaption")?.remove();
  figure?.classList.add("optional");
  const foot = document.createElement("footer");
  const checked = document.querySelector(".page-head__facts time")?.textContent;
  const address = document.querySelector("link[rel=canonical]")?.href ?? "";
  foot.textContent = [address, checked && `checked ${checked}`, licence].filter(Boolean).join(" · ");
  sheet.append(head, ...(figure ? [figure] : []), ...parts, foot);
  for (const link of sheet.querySelectorAll(".headerlink, .ad-explorable, .filters")) link.remove();
  for (const h of sheet.querySelectorAll("h2")) if (h.id === heading) h.remove();
  document.body.replaceChildren(sheet);
  document.body.dataset.mdColorScheme = "default";
}
