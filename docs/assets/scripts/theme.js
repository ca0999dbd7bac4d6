// What the theme's markup needs to live: palettes, the drawer by keyboard, the table of contents that follows, the way
// back to the top, and tooltips. It stands in place of the theme's own script, which takes longer than the page itself.
"use strict";

{
  const root = document.documentElement;
  root.classList.replace("no-js", "js");
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const wide = matchMedia("(min-width: 60em)");

  // --- Palettes: which of the inputs is chosen is kept as the theme's script in the page's head reads it. ---
  const inputs = all("[data-md-component=palette] input");
  const light = matchMedia("(prefers-color-scheme: light)");
  const colours = ({ dataset: { mdColorMedia: media, mdColorScheme: scheme, mdColorPrimary: primary, mdColorAccent: accent } }) => ({ media, scheme, primary, accent });
  const ofSystem = () => inputs.find((input) => input.dataset.mdColorMedia === `(prefers-color-scheme: ${light.matches ? "light" : "dark"})`);

  function paint(input) {
    const chosen = input.dataset.mdColorMedia === "(prefers-color-scheme)" ? (ofSystem() ?? input) : input;
    for (const [name, value] of Object.entries(colours(chosen))) document.body.setAttribute(`data-md-color-${name}`, value);
    // A label leads to the next palette and stands beside the input it leaves.
    for (const other of inputs) if (other.nextElementSibling?.matches("label")) other.nextElementSibling.hidden = other !== input;
  }

  if (inputs.length) {
    const kept = globalThis.__md_get?.("__palette");
    const current = inputs[kept?.index] ?? inputs.find((input) => matchMedia(input.dataset.mdColorMedia || "all").matches) ?? inputs[0];
    current.checked = true;
    paint(current);
    inputs.forEach((input, index) => input.addEventListener("change", () => {
      paint(input);
      globalThis.__md_set?.("__palette", { index, color: colours(input) });
    }));
    light.addEventListener("change", () => paint(inputs.find((input) => input.checked)));
    // Paper is light.
    const paper = inputs.find((input) => input.dataset.mdColorScheme === "default");
    addEventListener("beforeprint", () => paper && Object.entries(colours(paper)).forEach(([name, value]) => document.body.setAttribute(`data-md-color-${name}`, value)));
    addEventListener("afterprint", () => paint(inputs.find((input) => input.checked)));
  }

  // --- Labels that open something answer to the keyboard; a link within the page closes the drawer. ---
  const drawer = document.getElementById("__drawer");
  for (const label of all("label.md-nav__link[for]")) {
    label.tabIndex = 0;
    label.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      label.click();
    });
  }
  for (const label of all(".md-header__button[for=__drawer]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `${label.className} drawer-button`;
    button.setAttribute("aria-label", "Navigation");
    button.append(...label.childNodes);
    button.addEventListener("click", () => { drawer.checked = !drawer.checked; });
    label.replaceWith(button);
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drawer?.checked) drawer.checked = false;
  });
  for (const link of all(".md-sidebar a[href^='#']")) link.addEventListener("click", () => { if (drawer) drawer.checked = false; });

  // --- A place inside something folded opens it. ---
  const unfold = () => {
    const place = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const folded = place && place.closest("details:not([open])");
    if (!folded) return;
    folded.open = true;
    place.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  unfold();

  // --- What follows the reader down the page. ---
  const top = document.querySelector("[data-md-component=top]");
  const title = document.querySelector("[data-md-component=header-title]");
  const heading = document.querySelector("h1");
  const links = all(".md-sidebar--secondary a[href^='#'], .md-nav--secondary a[href^='#']");
  const targets = [...new Set(links.map((link) => link.hash))]
    .map((hash) => [hash, document.getElementById(decodeURIComponent(hash.slice(1)))])
    .filter(([, target]) => target);
  let before = scrollY;
  let active = "";
  let waiting = false;

  function within(box, element) {
    if (!box || !element) return;
    const [outer, inner] = [box.getBoundingClientRect(), element.getBoundingClientRect()];
    if (inner.top < outer.top || inner.bottom > outer.bottom) box.scrollTop += inner.top - outer.top - outer.height / 3;
  }

  function follow() {
    waiting = false;
    const y = scrollY;
    // Small moves the other way are the page's own, as parts of it are laid out.
    const [up, down] = [y < before - 5, y > before + 30];
    if (top && (up || down || y <= 400)) top.hidden = !(up && y > 400);
    if (up || down) before = y;
    if (title && heading) title.classList.toggle("md-header__title--active", heading.getBoundingClientRect().bottom < 60);
    if (!wide.matches || !targets.length) return;
    let now = "";
    for (const [hash, target] of targets) if (target.getBoundingClientRect().top < 110) now = hash;
    if (now === active) return;
    active = now;
    for (const link of links) link.classList.toggle("md-nav__link--active", link.hash === now);
    const shown = document.querySelector(".md-sidebar--secondary .md-nav__link--active");
    within(shown?.closest(".md-sidebar__scrollwrap"), shown);
  }
  addEventListener("scroll", () => {
    if (!waiting) requestAnimationFrame(follow);
    waiting = true;
  }, { passive: true });
  top?.addEventListener("click", () => {
    scrollTo({ top: 0, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    document.querySelector(".md-logo")?.focus({ preventScroll: true });
  });
  if (wide.matches) {
    const here = all(".md-sidebar--primary .md-nav__link--active").at(-1);
    if (here) addEventListener("load", () => within(here.closest(".md-sidebar__scrollwrap"), here));
  }

  // --- Titles of terms and links as tooltips that the keyboard reaches too. ---
  let tip = null;
  let owner = null;
  function hide() {
    if (!owner) return;
    owner.setAttribute("title", tip.textContent);
    owner.removeAttribute("aria-describedby");
    tip.hidden = true;
    owner = null;
  }
  function tell(element) {
    if (element === owner) return;
    hide();
    if (!element?.title) return;
    if (!tip) {
      tip = document.createElement("div");
      tip.className = "term-tip";
      tip.id = "tip";
      tip.setAttribute("role", "tooltip");
      document.body.append(tip);
    }
    owner = element;
    tip.textContent = element.title;
    element.removeAttribute("title");
    element.setAttribute("aria-describedby", "tip");
    tip.hidden = false;
    const { left, width, top: above, bottom } = (element.getClientRects()[0] ?? element.getBoundingClientRect());
    const box = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(innerWidth - box.width - 8, left + width / 2 - box.width / 2))}px`;
    tip.style.top = `${bottom + box.height + 12 < innerHeight ? bottom + 6 : above - box.height - 6}px`;
  }
  const titled = (event) => (event.target instanceof Element ? event.target.closest(".md-content [title], .md-header [title]") : null);
  document.addEventListener("mouseover", (event) => tell(owner?.contains(event.target) ? owner : titled(event)));
  document.addEventListener("focusin", (event) => tell(titled(event)));
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  addEventListener("scroll", hide, { passive: true });
}
