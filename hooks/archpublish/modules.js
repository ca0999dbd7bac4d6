// Makes each module when it is first used; offline.py puts their sources where MODULES stands.
"use strict";
globalThis.siteModules = (() => {
  const made = new Map(), data = new Map(), root = new URL("../", document.currentScript.src);
  const use = (path) => {
    if (!made.has(path)) {
      const own = {};
      made.set(path, own);
      sources[path](own, use, fetched, new URL(path, root).href);
    }
    return made.get(path);
  };
  const fetched = (address) => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${address}.js`;
    script.onload = () => resolve({ ok: true, json: async () => data.get(String(address).split("/").at(-1)) });
    script.onerror = reject;
    document.head.append(script);
  });
  const sources = {
    MODULES
  };
  return { load: async (name) => use(`assets/explorables/${name}.mjs`), data: (name, content) => data.set(name, content) };
})();
