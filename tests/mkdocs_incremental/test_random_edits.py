"""What came out of edits nobody thought of, and a short run of them."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest
import random_edits
from mkdocs_incremental import ground
from mkdocs_incremental.reads import Reads, watched
from mkdocs_incremental.states import FOLDER
from served_site import Served
from small_site import build, put, same


def test_a_short_run(tmp_path: Path) -> None:
    """Whatever is edited, the build is a plain one, and pages are kept."""
    assert random_edits.run(tmp_path / "site", seed=3, steps=2) > 10


@pytest.mark.slow
def test_what_was_looked_for_in_vain_has_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that were not there, or are read before any plugin is loaded; a folder; a variable."""
    site = tmp_path / "site"
    random_edits.Edits(site, Random(0))
    build(site, kinds=("kept",))
    page = "ünder the sea/ä page/index.html"
    for name, text, shown in (
        ("maybe.txt", "here", b", here, "),
        ("at_import.txt", "at import", b": at import, "),
        ("at_import.txt", "at another", b": at another, "),
        ("some/a.txt", "", b", 1, "),
    ):
        put(site, name, text)
        assert shown in build(site, kinds=("kept",))["kept"].files[page], name

    monkeypatch.setenv("SITE_MODE", "varied")
    put(site, "later.txt", "*[careful]: Slow\n")
    kept = build(site, kinds=("kept",))["kept"]
    assert b", varied." in kept.files[page]
    assert b'title="Slow"' in kept.files["guide/install/index.html"]
    kept = same(site)
    assert (kept.made, kept.shown) == (0, 0)


def test_a_package_installed_anew_counts_as_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is built from a repository may change and keep its version."""
    record = tmp_path / "some-1.0.dist-info" / "RECORD"
    record.parent.mkdir()
    record.write_text("some/__init__.py,sha256=a,1\n")
    monkeypatch.setattr(ground, "_library_folders", lambda: {str(tmp_path)})
    before = ground.versions()
    assert ground.versions() == before

    record.write_text("some/__init__.py,sha256=ab,1\n")

    assert ground.versions() != before


def test_a_server_shows_what_has_come(tmp_path: Path) -> None:
    """What the last build has looked for is watched, also a folder that was not there when the server started."""
    site = tmp_path / "site"
    random_edits.Edits(site, Random(0))
    served = Served(site)
    try:
        for name, text, shown in (
            ("at_import.txt", "at import", ": at import,"),
            ("some/a.txt", "", ", 1,"),
            ("some/b.txt", "", ", 2,"),
            ("later.txt", "*[API]: Later\n", 'title="Later"'),
        ):
            put(site, name, text)
            served.wait_for(lambda shown=shown: shown in served.get("/%C3%BCnder%20the%20sea/%C3%A4%20page/"))
    finally:
        served.stop()


def test_a_name_that_no_file_can_have_is_looked_for_in_vain(tmp_path: Path) -> None:
    reads = Reads((), ())
    with watched(reads):
        assert not os.path.exists(f"{tmp_path}/no\0such.inc")
        assert not os.path.exists(tmp_path / "none")
        assert os.path.isdir(tmp_path)

    assert reads.shared == {f"{tmp_path}/no\0such.inc": "", f"{tmp_path}/none": "", str(tmp_path): FOLDER}
    assert os.path.exists(tmp_path)
    assert len(reads.shared) == 3
