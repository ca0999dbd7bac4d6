"""Images that may be published: of the kind their name says, and of a size that every reader's machine can unpack.

Only headers are read: nothing is decoded here, so that nothing can be blown up here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

MOST_PIXELS = 40_000_000
MOST_WIDE = 12_000

Size = tuple[int, int]


def faults(kind: str, content: bytes) -> Iterator[str]:
    """Yield what is wrong with an image whose name ends in `kind`."""
    size = _READERS[kind](content)
    if size is None:
        yield f"the file is not a `{kind}` image"
        return
    width, height = size
    if not 0 < width <= MOST_WIDE or not 0 < height <= MOST_WIDE or width * height > MOST_PIXELS:
        most = f"at most {MOST_WIDE} a side and {MOST_PIXELS // 1_000_000} million"
        yield f"the image has {width} × {height} pixels, {most}"


def _png(content: bytes) -> Size | None:
    if content[:8] != b"\x89PNG\r\n\x1a\n" or content[12:16] != b"IHDR" or len(content) < 24:
        return None
    return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])


def _gif(content: bytes) -> Size | None:
    if content[:6] not in (b"GIF87a", b"GIF89a") or len(content) < 10:
        return None
    return int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")


def _jpg(content: bytes) -> Size | None:
    """The size is in the first frame header, behind segments that each tell their length."""
    if content[:3] != b"\xff\xd8\xff":
        return None
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(content[at + 7 : at + 9]), int.from_bytes(content[at + 5 : at + 7])
        at += 2 + max(2, int.from_bytes(content[at + 2 : at + 4]))
    return None


def _webp(content: bytes) -> Size | None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or len(content) < 30:
        return None
    if content[12:16] == b"VP8X":
        return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
    if content[12:16] == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    if content[12:16] == b"VP8 ":
        return (
            int.from_bytes(content[26:28], "little") & 0x3FFF,
            int.from_bytes(content[28:30], "little") & 0x3FFF,
        )
    return None


_READERS: dict[str, Callable[[bytes], Size | None]] = {".png": _png, ".gif": _gif, ".jpg": _jpg, ".webp": _webp}
