"""Figures before and after a change."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from archfigures.__main__ import main
from archfigures.changes import Change, changes, page
from archfigures.registry import figures

KEY = "recurrent/retnet/three-forms"


def test_two_exports_of_the_same_figures_differ_in_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for side in ("before", "after"):
        assert main(["export", str(tmp_path / side)]) == 0
    files = list((tmp_path / "before").rglob("*.svg"))

    assert len(files) == len(figures())
    assert main(["compare", str(tmp_path / "before"), str(tmp_path / "after"), str(tmp_path / "out.html")]) == 0
    assert capsys.readouterr().out.endswith("No figure has changed.\n")


def test_what_changed_came_and_went_is_shown_in_both_palettes(tmp_path: Path) -> None:
    sides = {
        "before": {"a/same": "<svg/>", "a/x": "<svg>1</svg>", "b/gone": "<svg>2</svg>"},
        "after": {"a/same": "<svg/>", "a/x": "<svg>3</svg>", "c/new": "<svg>4</svg>"},
    }
    for side, texts in sides.items():
        for key, text in texts.items():
            file = tmp_path / side / f"{key}.svg"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
    found = list(changes(tmp_path / "before", tmp_path / "after"))
    html = page(found, "")

    assert [(change.key, change.kind) for change in found] == [
        ("a/x", "changed"),
        ("b/gone", "removed"),
        ("c/new", "added"),
    ]
    assert html.count('data-md-color-scheme="default"') == html.count('data-md-color-scheme="slate"') == 3
    assert html.index("<svg>1</svg>") < html.index("<svg>3</svg>")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["preview", "recurrent/retnet/three-form", "out.html"],
            f'unknown figure "recurrent/retnet/three-form"; did you mean "{KEY}"?',
        ),
        (["preview", KEY, "gone/out.html"], "gone/out.html: No such file or directory"),
        (["compare", "before", "after", "out.html"], "before is no folder; `export` writes the figures into one"),
    ],
)
def test_what_is_not_there_is_told_in_a_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(arguments) == 1
    assert capsys.readouterr().err.startswith(f"archfigures: {said}")


def test_ids_are_unique_where_a_figure_stands_four_times(tmp_path: Path) -> None:
    main(["export", str(tmp_path / "after")])
    (tmp_path / "before").mkdir()
    ids = re.findall(
        r'\bid="([^"]+)"', page([c for c in changes(tmp_path / "before", tmp_path / "after") if c.key == KEY], "")
    )

    assert ids
    assert len(ids) == len(set(ids))


def test_what_shows_nowhere_is_told_in_words() -> None:
    change = Change(KEY, "<svg><title>Old</title><path/></svg>", "<svg><title>New</title><path/></svg>")

    shown = page([change], "")

    assert "<del>-&lt;title&gt;Old&lt;/title&gt;</del>\n<ins>+&lt;title&gt;New&lt;/title&gt;</ins>" in shown
    assert shown.count('class="over"') == 1
    assert "<script" not in shown
