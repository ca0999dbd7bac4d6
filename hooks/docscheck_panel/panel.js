// The panel with docscheck's findings on a page that `mkdocs serve` shows. Plain script; no page is built with it.
(() => {
  const here = document.currentScript
  const root = new URL("./", here.src).pathname
  const mount = here.dataset.mount
  const pause = 2500 // milliseconds between two questions whether anything has changed
  let secret = ""
  let last = ""

  const style = `
    :host { all: initial }
    * { box-sizing: border-box }
    aside { position: fixed; right: 1rem; bottom: 1rem; z-index: 100; width: min(26rem, calc(100vw - 2rem));
      font: 14px/1.45 system-ui, sans-serif; color: var(--md-default-fg-color, CanvasText) }
    details { background: var(--md-default-bg-color, Canvas); border: 1px solid #8886; border-radius: 8px;
      box-shadow: 0 4px 18px #0004; overflow: hidden }
    details > summary { padding: .5rem .8rem; cursor: pointer; font-weight: 600; border-left: 5px solid var(--mark) }
    .error { --mark: #c62828 } .warning { --mark: #b26a00 } .elsewhere { --mark: #78909c }
    .list { max-height: 55vh; overflow: auto; overscroll-behavior: contain }
    section { padding: .55rem .8rem; border-top: 1px solid #8883; border-left: 5px solid var(--mark) }
    p { margin: 0 0 .3rem } .place, .help { opacity: .82; font-size: 13px }
    pre { margin: .3rem 0; padding: .35rem .5rem; font: 12px/1.4 ui-monospace, monospace; white-space: pre-wrap;
      overflow-wrap: anywhere; background: #8881; border-radius: 4px }
    del, ins, pre span { display: block } del { text-decoration: none; background: #e5393530 } ins { text-decoration: none; background: #43a04738 }
    button { font: inherit; font-size: 13px; padding: .15rem .6rem; margin-right: .4rem; cursor: pointer;
      color: inherit; background: transparent; border: 1px solid #8889; border-radius: 5px }
    button:hover { background: #8882 } :focus-visible { outline: 2px solid #1e88e5; outline-offset: 2px }
    a { color: inherit } ul { margin: 0; padding-left: 1.1rem } code { font: 12.5px ui-monospace, monospace }
    @media print { aside { display: none } }`
  const marked = "docscheck-finding"
  const pageStyle = document.createElement("style")
  pageStyle.textContent = `
    .${marked} { text-decoration: underline wavy #c62828 1.5px; text-underline-offset: 3px }
    .${marked}.warning { text-decoration-color: #b26a00 }
    pre.${marked} { text-decoration: none; outline: 2px dashed #c62828 }
    .${marked}-now { animation: docscheck-flash 1.6s }
    @keyframes docscheck-flash { 0%, 60% { background: #ffca2855 } }`
  document.head.append(pageStyle)

  const host = document.createElement("div")
  host.id = "docscheck-panel"
  const shadow = host.attachShadow({ mode: "open" })
  document.body.append(host)

  const make = (tag, properties = {}, ...inside) => {
    const element = Object.assign(document.createElement(tag), properties)
    element.append(...inside)
    return element
  }
  const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`
  const plain = (text) => text.replace(/[\s\u0000¶]+/g, " ").trim()

  // The smallest block of the page in which the reader sees what a finding speaks of.
  function place(finding) {
    const article = document.querySelector("article, [role=main], main") || document.body
    const blocks = [...article.querySelectorAll("p, li, td, th, dt, dd, h1, h2, h3, h4, h5, h6, summary, figcaption, pre")]
    for (const seen of [...finding.seen, finding.excerpt].map(plain).filter((text) => text.length > 2)) {
      const found = blocks.filter((block) => plain(block.textContent).includes(seen))
      if (found.length) return found.reduce((a, b) => (b.textContent.length < a.textContent.length ? b : a))
    }
    const words = new Set(plain(finding.excerpt).toLowerCase().match(/[\p{L}\d]{3,}/gu) || [])
    const shared = (block) => new Set((block.textContent.toLowerCase().match(/[\p{L}\d]{3,}/gu) || []).filter((w) => words.has(w))).size
    let best = null
    let most = Math.max(1, words.size / 2)
    for (const block of blocks) {
      const number = shared(block)
      if (number > most || (number === most && best && block.textContent.length < best.textContent.length)) [best, most] = [block, number]
    }
    return best
  }

  function jump(block) {
    for (let outer = block.parentElement; outer; outer = outer.parentElement) if (outer.tagName === "DETAILS") outer.open = true
    block.scrollIntoView({ block: "center" })
    block.classList.remove(`${marked}-now`)
    void block.offsetWidth // so that the mark is shown again
    block.classList.add(`${marked}-now`)
  }

  async function mend(page, finding, say) {
    const asked = { page, code: finding.code, line: finding.line, excerpt: finding.excerpt }
    try {
      const answer = await fetch(`${root}fix`, {
        method: "POST", headers: { "X-Docscheck": secret, "Content-Type": "application/json" }, body: JSON.stringify(asked),
      })
      say((await answer.json()).refused || "Fixed; the page will follow.")
    } catch {
      say("The server does not answer.")
    }
    look()
  }

  function card(page, finding) {
    const section = make("section", { className: finding.severity })
    const at = finding.line ? `line ${finding.line} ` : ""
    section.append(make("p", { className: "place" }, at, make("code", {}, finding.code)), make("p", {}, finding.message))
    if (finding.help) section.append(make("p", { className: "help" }, finding.help))
    const block = finding.excerpt ? place(finding) : null
    if (block) {
      block.classList.add(marked, finding.severity)
      section.append(make("button", { type: "button", onclick: () => jump(block) }, "Show"))
    }
    if (finding.change) {
      const said = make("span", { role: "status" })
      const button = make("button", { type: "button" }, "Apply the fix")
      button.onclick = () => mend(page, finding, (text) => said.replaceChildren(text))
      section.append(button, said)
      const tags = { "-": "del", "+": "ins", " ": "span" }
      section.append(make("pre", {}, ...finding.change.map((line) => make(tags[line[0]], {}, `${line.slice(1) || " "}\n`))))
    }
    return section
  }

  function show({ page, findings, elsewhere }) {
    for (const old of document.querySelectorAll(`.${marked}`)) old.classList.remove(marked, "error", "warning")
    shadow.replaceChildren()
    if (!findings.length && !elsewhere.length) return
    const others = elsewhere.reduce((sum, one) => sum + one.count, 0)
    const worst = findings.some((one) => one.severity === "error") ? "error" : findings.length ? "warning" : "elsewhere"
    const title = findings.length ? `${count(findings.length, "finding")} on this page` : `${count(others, "finding")} elsewhere`
    const list = make("div", { className: "list" }, ...findings.map((one) => card(page, one)))
    if (elsewhere.length) {
      const items = elsewhere.map(({ path, count: number, url }) => {
        const name = url === null ? path : make("a", { href: mount + (url === "./" ? "" : url) }, path)
        return make("li", {}, name, ` (${number})`)
      })
      list.append(make("section", { className: "elsewhere" }, make("p", {}, `${count(others, "finding")} elsewhere:`), make("ul", {}, ...items)))
    }
    const details = make("details", {}, make("summary", { className: worst }, title), list)
    details.open = sessionStorage.getItem("docscheck-panel") !== "closed" && findings.length > 0
    details.ontoggle = () => sessionStorage.setItem("docscheck-panel", details.open ? "open" : "closed")
    shadow.append(make("style", {}, style), make("aside", { ariaLabel: "Findings of docscheck" }, details))
  }

  async function look() {
    if (document.hidden) return
    try {
      const address = decodeURIComponent(location.pathname).slice(mount.length)
      const answer = await fetch(`${root}findings?address=${encodeURIComponent(address)}`)
      if (!answer.ok) return
      const said = await answer.json()
      secret = said.secret
      const now = JSON.stringify([address, said.findings, said.elsewhere])
      if (now !== last) show(said)
      last = now
    } catch {
      // the server has gone; the page stays as it is
    }
  }

  document.addEventListener("visibilitychange", look)
  setInterval(look, pause)
  look()
})()
