"""Pages that lead from an old address to the new one; they need neither a server nor JavaScript."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from html import escape

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<title>Moved to {target}</title>
<link rel="canonical" href="{canonical}">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={target}">
</head>
<body><p>This page has moved to <a href="{target}">{target}</a>.</p></body>
</html>
"""


def redirect_files(moved: Mapping[str, str], site_url: str) -> Iterator[tuple[str, str]]:
    """Yield (path of the file, its HTML) for each old address in `moved`.

    Addresses are relative to the site's root and end in a slash, old and new alike:
    `{"architectures/classes/transformers/": "architectures/transformers/"}`. The link is relative, so it
    holds wherever the site is published.
    """
    for old, new in moved.items():
        target = posixpath.relpath(new, old) + "/"
        canonical = f"{site_url.rstrip('/')}/{new}"
        yield f"{old}index.html", _PAGE.format(target=escape(target), canonical=escape(canonical))
