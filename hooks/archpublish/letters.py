"""Letters as small pictures, drawn once in Chromium by `python -m archpublish letters`: no build needs a font."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("letters.json")
FONT = '"Liberation Sans", Arimo, Arial, sans-serif'
STYLES = {"title": "bold 58px", "text": "30px", "label": "bold 28px"}
SHADES = 15
"""A pixel is from 0, nothing, to this, all ink."""
_ASCII = "".join(map(chr, range(32, 127)))
LETTERS = _ASCII + "·×–—…’‘“”«»°±²³µ¼½éèêëáàâäãåçñóòôöõøúùûüíìîïßÄÖÜÉαβγδεζηθικλμνξπρστυφχψωΔΣΩ₀₁₂₃→≤≥≈−∞√"

_DRAW = """([font, letters]) => {
  const canvas = new OffscreenCanvas(200, 120);
  const pen = canvas.getContext("2d", {willReadFrequently: true});
  pen.font = font;
  const {fontBoundingBoxAscent: up, fontBoundingBoxDescent: down} = pen.measureText("x");
  const height = Math.ceil(up) + Math.ceil(down);
  return {height, glyphs: [...letters].map(letter => {
    const {width: advance} = pen.measureText(letter);
    const width = Math.ceil(advance) + 4;
    pen.clearRect(0, 0, 200, 120);
    pen.fillText(letter, 2, Math.ceil(up));
    const {data} = pen.getImageData(0, 0, width, height);
    const ink = Array.from({length: width * height}, (_, i) => Math.round(data[4 * i + 3] / 17));
    return {letter, advance, width, ink};
  })};
}"""


@dataclass(frozen=True)
class Glyph:
    """A letter: its rows of shades, and how far the next one stands. The letter begins 2 pixels from its left edge."""

    advance: float
    rows: tuple[bytes, ...]


@dataclass(frozen=True)
class Face:
    """The letters of a style."""

    height: int
    glyphs: dict[str, Glyph]

    def glyph(self, letter: str) -> Glyph:
        """The letter's picture; a question mark's for one that was not drawn."""
        return self.glyphs.get(letter) or self.glyphs["?"]

    def width(self, text: str) -> float:
        """How many pixels a line takes."""
        return sum(self.glyph(letter).advance for letter in text)


@lru_cache(maxsize=1)
def faces() -> dict[str, Face]:
    """Every style by its name."""
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    return {name: _face(face) for name, face in stored.items()}


def _face(face: dict[str, Any]) -> Face:
    ink = zlib.decompress(base64.b64decode(face["ink"]))
    glyphs = {}
    place = 0
    for letter, advance, width in face["glyphs"]:
        rows = tuple(ink[place + row * width : place + (row + 1) * width] for row in range(face["height"]))
        glyphs[letter] = Glyph(advance, rows)
        place += width * face["height"]
    return Face(face["height"], glyphs)


def draw(page: Any) -> str:
    """The letters as `letters.json` holds them, drawn by a Playwright page."""
    stored = {}
    for name, style in STYLES.items():
        face = page.evaluate(_DRAW, [f"{style} {FONT}", LETTERS])
        ink = b"".join(bytes(glyph["ink"]) for glyph in face["glyphs"])
        glyphs = [[glyph["letter"], round(glyph["advance"], 2), glyph["width"]] for glyph in face["glyphs"]]
        packed = base64.b64encode(zlib.compress(ink, 9)).decode()
        stored[name] = {"height": face["height"], "glyphs": glyphs, "ink": packed}
    return json.dumps(stored, ensure_ascii=False, indent=0) + "\n"
