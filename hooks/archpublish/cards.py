"""A picture for each page, shown where its address is shared: title, definition, family, on the site's colours.

Written as PNG with the standard library alone: the text is put together from letters drawn once, the pattern at the
side is made of discs whose edges are computed.
"""

from __future__ import annotations

import hashlib
import os
import random
import struct
import zlib
from functools import lru_cache
from pathlib import Path

from archpublish.letters import FILE, SHADES, Face, faces
from archpublish.pages import BuiltPage

WIDTH, HEIGHT = 1200, 630
_MARGIN, _RIGHT = 72, 900
_GROUND = (15, 61, 76)
_INKS = {
    "white": (255, 255, 255),
    "pale": (201, 221, 229),
    "amber": (255, 180, 84),
    "mint": (111, 211, 193),
    "sea": (61, 125, 147),
}
_FIRST = {name: 1 + place * SHADES for place, name in enumerate(_INKS)}
"""The palette holds the ground, then the shades of each ink from faint to full."""
_PALETTE = bytes(_GROUND) + b"".join(
    bytes(round(ground + (colour - ground) * shade / SHADES) for ground, colour in zip(_GROUND, ink, strict=True))
    for ink in _INKS.values()
    for shade in range(1, SHADES + 1)
)


def path_of(address: str) -> str:
    """Where the picture of the page at `address` lies below the site's root."""
    return f"assets/cards/{address.rstrip('/') or 'index'}.png"


def card(page: BuiltPage, site: str, label: str, cache: Path | None = None) -> bytes:
    """The picture of `page`; `label` names its family or section. `cache` keeps pictures between builds."""
    texts = "\0".join((page.title, page.description, site, label))
    kept = cache / f"{hashlib.sha256(_version() + texts.encode()).hexdigest()[:24]}.png" if cache else None
    if kept and kept.is_file():
        return kept.read_bytes()
    drawn = _draw(page.title, page.description, site, label)
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(f".{os.getpid()}")
        part.write_bytes(drawn)
        part.replace(kept)
    return drawn


@lru_cache(maxsize=1)
def _version() -> bytes:
    """What a kept picture was drawn with: this file and the letters."""
    return hashlib.sha256(Path(__file__).read_bytes() + FILE.read_bytes()).digest()


def _draw(title: str, description: str, site: str, label: str) -> bytes:
    canvas = bytearray(_background(label))
    style = faces()
    _line(canvas, style["label"], site, 56, "mint")
    top = 128
    for line in wrapped(style["title"], title, _RIGHT - _MARGIN, 3):
        _line(canvas, style["title"], line, top, "white")
        top += style["title"].height + 4
    top += 22
    most = 5 if top < 300 else 4 if top < 360 else 3
    for line in wrapped(style["text"], description, _RIGHT - _MARGIN, most):
        _line(canvas, style["text"], line, top, "pale")
        top += style["text"].height + 8
    _line(canvas, style["label"], label, HEIGHT - 84, "amber")
    return _png(canvas)


def wrapped(face: Face, text: str, width: int, most: int) -> list[str]:
    """The text in lines that fit; what is left after the last ends in an ellipsis."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if face.width(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        last = lines[most - 1].rstrip(",;:–. ")
        while last and face.width(last + " …") > width:
            last = last.rpartition(" ")[0].rstrip(",;:–. ")
        lines = [*lines[: most - 1], f"{last} …"]
    return [line for line in lines if line]


def _line(canvas: bytearray, face: Face, text: str, top: int, ink: str) -> None:
    """Write a line; where letters touch the darker pixel stays."""
    shades = bytes([0, *range(_FIRST[ink], _FIRST[ink] + SHADES)]) + bytes(256 - SHADES - 1)
    left = float(_MARGIN)
    for letter in text:
        glyph = face.glyph(letter)
        start = round(left) - 2
        for row, ink_row in enumerate(glyph.rows):
            if not any(ink_row):
                continue
            place = (top + row) * WIDTH + start
            drawn = ink_row.translate(shades)
            under = canvas[place : place + len(drawn)]
            canvas[place : place + len(drawn)] = bytes(map(max, under, drawn)) if any(under[:6]) else drawn
        left += glyph.advance


@lru_cache(maxsize=32)
def _background(label: str) -> bytes:
    """The ground with a bar at its left and discs in rows at its right, their sizes by the label."""
    canvas = bytearray(WIDTH * HEIGHT)
    for row in range(HEIGHT):
        canvas[row * WIDTH : row * WIDTH + 14] = bytes([_FIRST["amber"] + SHADES - 1]) * 14
    chance = random.Random(label)
    for row in range(8):
        for column in range(4):
            radius = chance.uniform(6, 13) * (0.55 + 0.15 * column)
            ink = chance.choice(["amber", "mint", "sea", "sea"])
            _disc(canvas, 962 + 66 * column + chance.uniform(-6, 6), 60 + 73 * row + chance.uniform(-6, 6), radius, ink)
    return bytes(canvas)


def _disc(canvas: bytearray, x: float, y: float, radius: float, ink: str) -> None:
    for row in range(int(y - radius) - 1, int(y + radius) + 2):
        for column in range(int(x - radius) - 1, int(x + radius) + 2):
            distance = ((row + 0.5 - y) ** 2 + (column + 0.5 - x) ** 2) ** 0.5
            shade = round(max(0.0, min(1.0, radius + 0.5 - distance)) * SHADES)
            if shade:
                canvas[row * WIDTH + column] = _FIRST[ink] + shade - 1


def _png(canvas: bytearray) -> bytes:
    rows = b"".join(b"\0" + canvas[row * WIDTH : (row + 1) * WIDTH] for row in range(HEIGHT))
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", _PALETTE), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
