"""The build refuses a page with mistakes and leaves the last site alone; without --strict it goes on."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from few_data import left_out

ROOT = Path(__file__).resolve().parents[2]
MISTAKEN = ROOT / "tests/docscheck/mistaken_page.md"
CONFIG = f"""\
INHERIT: {ROOT.as_posix()}/mkdocs.yml
docs_dir: docs
site_dir: site
theme:
  custom_dir: {ROOT.as_posix()}/overrides
hooks: [{ROOT.as_posix()}/hooks/build.py]
plugins: [search]
nav: [index.md, mistaken.md]
not_in_nav: ""
"""
SOUND = """\
---
title: Sound
description: A page with nothing wrong in it.
page-type: contribute
checked: 2026-01-01
---

## Fine

Nothing wrong here.
"""
MISTAKES = (
    "!!! note",
    "The signal may come from",
    "[hybrid ways](",
    "#### Signals from people",
    "## Signals from other models",
    "[Constitutional AI]",
    "judge or teach a model",
    "![image]",
    "Supervision from outside",
)
"""How the lines with mistakes begin; an empty list item is one more."""


def lines_with_mistakes() -> list[int]:
    lines = MISTAKEN.read_text(encoding="utf-8").splitlines()
    return [number for number, line in enumerate(lines, start=1) if line == "-" or line.startswith(MISTAKES)]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with our configuration, our data, and two pages."""
    docs = tmp_path / "docs"
    docs.mkdir()
    shutil.copytree(ROOT / "docs/_data", docs / "_data", ignore=left_out)
    shutil.copytree(ROOT / "docs/assets", docs / "assets")
    (docs / "index.md").write_text(SOUND, encoding="utf-8")
    (docs / "mistaken.md").write_text(MISTAKEN.read_text(encoding="utf-8"), encoding="utf-8")
    (docs / "loop.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def build(site: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", *options],
        cwd=site,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_strict_build_fails_with_a_finding_on_each_line_and_touches_nothing(site: Path) -> None:
    published = site / "site/index.html"
    published.parent.mkdir()
    published.write_text("the last site", encoding="utf-8")

    done = build(site, "--strict")

    assert done.returncode != 0
    assert "nothing was built and the last site is untouched" in done.stdout
    assert published.read_text(encoding="utf-8") == "the last site"
    assert len(lines_with_mistakes()) == 10
    for line in lines_with_mistakes():
        assert f"docs/mistaken.md:{line}:" in done.stderr, line


def test_an_ordinary_build_prints_the_findings_and_goes_on(site: Path) -> None:
    done = build(site)

    assert done.returncode == 0, done.stderr
    assert f"docs/mistaken.md:{lines_with_mistakes()[0]}:" in done.stderr
    assert "Masked autoencoders" in (site / "site/mistaken/index.html").read_text(encoding="utf-8")


def test_a_sound_page_passes(site: Path) -> None:
    (site / "docs/mistaken.md").write_text(SOUND, encoding="utf-8")

    done = build(site, "--strict")

    assert "mistaken.md" not in done.stderr


def test_wrong_data_stop_a_strict_build(site: Path) -> None:
    (site / "docs/mistaken.md").write_text(SOUND, encoding="utf-8")
    data = site / "docs/_data"
    shutil.rmtree(data)
    (data / "models").mkdir(parents=True)
    (data / "architectures").mkdir()
    shutil.copytree(ROOT / "docs/_data/schema", data / "schema")
    (data / "references.bib").write_text("", encoding="utf-8")
    (data / "glossary.yml").write_text("[]\n", encoding="utf-8")
    (data / "models/wrong.yml").write_text("name: Wrong\nfamly: language\n", encoding="utf-8")

    done = build(site, "--strict")

    assert done.returncode != 0
    assert "models/wrong.yml:2:1: unknown key `famly`; did you mean `family`?" in done.stderr


WRONG_PAGE = """\
---
title: Wrong
description: A page with a wrong key and a wrong title.
page-type: contribute
checked: 2026-01-01
---

## Fine

Attention is explained elsewhere [@vaswani2017atention].

!!! note "[Attention Is Everything You Need](https://arxiv.org/abs/1706.03762)"
    It introduced the transformer.
"""


def test_a_wrong_number_key_title_and_field_each_stop_a_strict_build_with_their_place(site: Path) -> None:
    (site / "docs/mistaken.md").write_text(WRONG_PAGE, encoding="utf-8")
    data = site / "docs/_data"
    shutil.rmtree(data)
    shutil.copytree(ROOT / "docs/_data", data, ignore=shutil.ignore_patterns("models", "architectures"))
    (data / "architectures").mkdir()
    (data / "models").mkdir()
    mixtral = (ROOT / "docs/_data/models/mixtral-8x7b.yml").read_text(encoding="utf-8")
    plain = "".join(line for line in mixtral.splitlines(keepends=True) if not line.startswith("page:"))
    (data / "models/number.yml").write_text(plain.replace("kv_heads: 8\n", "kv_heads: 32\n"), encoding="utf-8")
    (data / "models/field.yml").write_text(plain.replace("organisation:", "organization:"), encoding="utf-8")

    done = build(site, "--strict")

    assert done.returncode != 0
    said = done.stderr
    assert re.search(r"models/number\.yml:\d+:3: 47,508,099,072 parameters are counted and 46\.7B are adver", said)
    assert re.search(r"models/field\.yml:4:1: unknown key `organization`; did you mean `organisation`\?", said)
    assert 'mistaken.md:10:36: unknown citation key "vaswani2017atention"; did you mean "vaswani2017attention"?' in said
    assert re.search(
        r'mistaken\.md:12:\d+: error REF204 in the bibliography, 1706\.03762 has the title "Attention Is All', said
    )


def test_a_size_that_differs_passes_with_a_written_reason_and_fails_without(site: Path) -> None:
    (site / "docs/mistaken.md").write_text(SOUND, encoding="utf-8")
    data = site / "docs/_data"
    shutil.rmtree(data)
    shutil.copytree(ROOT / "docs/_data", data, ignore=shutil.ignore_patterns("models", "architectures"))
    (data / "architectures").mkdir()
    (data / "models").mkdir()
    llama = (
        (ROOT / "docs/_data/models/llama-2-7b.yml")
        .read_text(encoding="utf-8")
        .replace("  parameters: 7B", "  parameters: 8B")
    )
    plain = "".join(line for line in llama.splitlines(keepends=True) if not line.startswith("page:"))
    (data / "models/llama.yml").write_text(plain, encoding="utf-8")
    without = build(site, "--strict")
    reasoned = plain.replace("  parameters: 8B\n", "  parameters: 8B\n  reason: the makers round up\n")
    (data / "models/llama.yml").write_text(reasoned, encoding="utf-8")
    given = build(site, "--strict")

    assert "6,738,415,616 parameters are counted and 8B are advertised" in without.stderr
    assert "are advertised" not in given.stderr
