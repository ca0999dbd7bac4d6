"""An edited page shown before the site is built: made from the last build's settings, files and navigation.

What other pages show of it waits for the build that follows, and so does everything that is printed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import unquote

from mkdocs.commands.build import _build_page, _populate_page
from mkdocs.structure.files import File

from mkdocs_incremental import logs
from mkdocs_incremental.build import Build

EVENTS = ("pre_page", "page_read_source", "page_markdown", "page_content", "page_context", "post_page")
"""The events that run once more for a page that is shown first."""


def show(build: Build, changed: set[str], viewed: set[str], mount: str) -> set[str]:
    """Make anew what these files make in the folder of the last build; return addresses, `*` for all."""
    files = {file.abs_src_path: file for file in build.files if file.abs_src_path}
    shown: set[str] = set()
    others: set[str] = set()
    pages: list[File] = []
    for path in sorted(changed):
        file = files.get(path)
        if file is None or _is_excluded(file) or not os.path.isfile(path):
            others.add(path)
        elif file.is_documentation_page():
            pages.append(file)
        else:
            file.copy_file()
            shown.add("*")
    if others and not others & build.ground.code():
        pages += [file for file in build.documents() if address(file, mount) in viewed and file not in pages]
        if any(_is_below(path, build.config.theme.dirs) for path in others):
            build.renew_templates()
    with logs.caught():
        shown.update(_make(build, pages, mount))
    return shown


def address(file: File, mount: str) -> str:
    """Return the address of a page on the server."""
    return unquote(mount + ("" if file.url in (".", "./") else file.url))


def _make(build: Build, pages: list[File], mount: str) -> Iterator[str]:
    """Make pages, as far as they can be made, and yield the addresses of those that are not what they were.

    The build that follows tells what is wrong with others.
    """
    build.look_again()
    for file in pages:
        page, env = file.page, build.env
        if page is None or env is None:
            continue
        before = _content(file)
        build.reset(page)
        try:
            _populate_page(page, build.config, build.files)
            _build_page(page, build.config, build.documents(), build.nav, env, excluded=_is_excluded(file))
        except (Exception, SystemExit):
            continue
        if _content(file) != before:
            yield address(file, mount)


def _content(file: File) -> bytes:
    try:
        with open(file.abs_dest_path, "rb") as built:
            return built.read()
    except OSError:
        return b""


def _is_excluded(file: File) -> bool:
    return bool(file.inclusion.is_excluded())  # type: ignore[no-untyped-call]


def _is_below(path: str, folders: list[str]) -> bool:
    return any(path.startswith(os.path.abspath(folder) + os.sep) for folder in folders)
