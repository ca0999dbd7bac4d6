"""Links of the file system that lead nowhere."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from docscheck.diagnostics import Diagnostic, Severity
from docscheck.site_files import SiteFiles


def lost_files(site: SiteFiles, paths: Collection[str | Path] = ()) -> list[Diagnostic]:
    """Links of the file system, among the files of the site, that lead nowhere: a build stops at each."""
    lost = [uri for uri, file in site.files.items() if site.stamps[file] is None and os.path.islink(file)]
    if not lost:
        return []
    from docscheck.programs import waits_for_submodule
    from docscheck.rules.links.missing_file import RULE  # hardly a site has any

    wanted = [Path(os.path.abspath(path)) for path in paths]
    found = []
    for uri in lost:
        file = Path(os.path.abspath(site.files[uri]))
        target = os.path.relpath(file.parent / os.readlink(file), site.config.root).replace(os.sep, "/")
        if (
            uri in site.excluded
            or waits_for_submodule(site, target)
            or (wanted and not any(file == path or path in file.parents for path in wanted))
        ):
            continue
        message = f"this file is a symbolic link to `{os.readlink(file)}`, which does not exist: MkDocs stops at it"
        help = "remove the link, or put the file where it leads"
        shown, place = site.shown(uri), f"{uri} -> {os.readlink(file)}"
        found.append(Diagnostic(shown, 1, 1, 1, 1, RULE.code, RULE.name, Severity.ERROR, message, help, excerpt=place))
    return found
