"""The site as an archive that is read from a disk: links name files, and modules become one classic script.

A browser gives pages from a disk no modules and no data by `fetch`; both are therefore put into scripts.
"""

from __future__ import annotations

import json
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

FOLDER = "generative-architectures"
"""What the archive unpacks to."""
SCRIPTS = "assets/explorables.js"
_LEFT_OUT = re.compile(r"assets/cards/|.*\.map$|.*\.gz$|search/search_index\.json$|sitemap\.xml$|404\.html$|.*\.mjs$")
_ALTERNATE = re.compile(r'<link rel="(?:alternate[^"]*|canonical)"[^>]*>\n?')
_PRELOAD = re.compile(r'<link rel="preload"[^>]*>\n?')
"""What is fetched early is fetched as from a server."""
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n?| integrity="[^"]*"')
"""A file of a disk is of no origin, so that nothing would be the page's own."""
_HREF = re.compile(r'(\shref=")([^"]*)(")')
_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|\?", re.IGNORECASE)
_IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]+)";$', re.MULTILINE)
_DEFAULT = re.compile(r"^export default (async )?function\b", re.MULTILINE)
_NAMED = re.compile(r"^export ((?:async )?function\*?|const|let|class) (\w+)", re.MULTILINE)
_DATE = (2026, 1, 1, 0, 0, 0)
"""One moment for all files, so that the same site makes the same archive."""

_RUNTIME = Path(__file__).with_name("modules.js").read_text(encoding="utf-8")


def archive(site: Path, out: Path) -> int:
    """Write the archive of the built `site`; return how many files it holds."""
    files = dict(_files(site))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path, content in sorted(files.items()):
            packed.writestr(zipfile.ZipInfo(f"{FOLDER}/{path}", _DATE), content, zipfile.ZIP_DEFLATED)
    return len(files)


def _files(site: Path) -> Iterator[tuple[str, bytes]]:
    modules = {}
    for file in sorted(site.rglob("*")):
        path = file.relative_to(site).as_posix()
        if file.suffix == ".mjs":
            modules[path] = file.read_text(encoding="utf-8")
        if not file.is_file() or _LEFT_OUT.match(path):
            continue
        if file.suffix == ".html":
            yield path, page(file.read_text(encoding="utf-8"), path).encode()
            continue
        yield path, file.read_bytes()
        if path.startswith("data/") and file.suffix == ".json" and path.count("/") == 1:
            yield f"{path}.js", f"siteModules.data({json.dumps(file.name)},{file.read_text('utf-8')});\n".encode()
    yield SCRIPTS, bundle(modules).encode()
    yield "READ-ME.txt", b"Open index.html in a browser. Everything works without a connection, search included.\n"


def page(html: str, path: str) -> str:
    """A page whose links name files; where it holds something to try, with the script for it."""
    html = _POLICY.sub("", _PRELOAD.sub("", _ALTERNATE.sub("", html)))
    html = _HREF.sub(lambda match: match[1] + local(match[2]) + match[3], html)
    if "data-explorable" in html:
        script = posixpath.relpath(SCRIPTS, posixpath.dirname(path) or ".")
        html = html.replace("</head>", f'<script src="{script}" defer></script>\n</head>', 1)
    return html


def local(target: str) -> str:
    """A link to a folder as one to the page in it; others as they are."""
    if _OUTSIDE.match(target) or not target:
        return target
    end = next((place for place, sign in enumerate(target) if sign in "?#"), len(target))
    path, rest = target[:end], target[end:]
    if path.endswith("/") or path.rpartition("/")[2] in (".", ".."):
        path = path.rstrip("/") + "/index.html"
    return path + rest


def bundle(modules: Mapping[str, str]) -> str:
    """The modules, by path, as one classic script that makes each when it is first used."""
    sources = "\n".join(f"{json.dumps(path)}: {_wrapped(path, text)}," for path, text in sorted(modules.items()))
    before, _, after = _RUNTIME.rpartition("MODULES")
    return before + sources + after


def _wrapped(path: str, text: str) -> str:
    """A module as a function that fills the object of what it exports."""

    def taken(match: re.Match[str]) -> str:
        names = re.sub(r"(\w+) as (\w+)", r"\1: \2", match[1])
        return f"const {{{names}}} = use({json.dumps(posixpath.normpath(posixpath.join(path, '..', match[2])))});"

    names = [match[2] for match in _NAMED.finditer(text)]
    text = _IMPORT.sub(taken, text)
    text = _NAMED.sub(r"\1 \2", text)
    text = _DEFAULT.sub(r"own.default = \1function", text).replace("import.meta.url", "url")
    if left := re.search(r"^(?:import|export)\b.*", text, re.MULTILINE):
        raise ValueError(f"{path}: a form that the archive cannot take over: {left[0]}")
    return f"(own, use, fetch, url) => {{\n{text}\nObject.assign(own, {{ {', '.join(names)} }});\n}}"
