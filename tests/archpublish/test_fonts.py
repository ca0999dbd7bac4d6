"""The split fonts of formulas: no sign is in two files, and every file is there."""

from __future__ import annotations

import re
from pathlib import Path

SHEET = Path(__file__).resolve().parents[2] / "docs/assets/katex/katex.min.css"
FACES = re.findall(r"@font-face\{(.*?)\}", SHEET.read_text(encoding="utf-8"))


def signs(face: str) -> set[int]:
    found = re.search(r"unicode-range:([^;}]+)", face)
    spans = [part.removeprefix("U+").split("-") for part in found[1].split(",")] if found else []
    return {code for span in spans for code in range(int(span[0], 16), int(span[-1], 16) + 1)}


def test_every_file_of_a_font_is_there() -> None:
    files = re.findall(r"url\((fonts/[^)]+)\)", "".join(FACES))

    assert len(files) == len(FACES) > 20
    assert all((SHEET.parent / file).is_file() for file in files)


def test_a_small_file_and_its_whole_share_no_sign() -> None:
    small = [face for face in FACES if "-common.woff2" in face]
    for face in small:
        whole = next(other for other in FACES if face.split("-common.woff2")[0].split("src:")[1] + ".woff2" in other)
        assert signs(face)
        assert signs(whole)
        assert not signs(face) & signs(whole)

    assert len(small) == 9
    assert {ord("R"), ord("E")} <= signs(next(face for face in small if "AMS" in face))
