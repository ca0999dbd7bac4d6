"""Charts from data in the site's visual language: lines, bars and points on labelled axes."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from archfigures import text as textual
from archfigures.draw import svg_element

SERIES = 6
"""How many colours there are; series beyond them begin again."""

TOP = 34.0
"""Where the plot begins, below the legend's line."""

_THOUSANDS = re.compile(r"(?<![\d.,])\d{4,}(?!\d)")


@dataclass(frozen=True)
class Axis:
    """A labelled axis from `low` to `high`, logarithmic on request, which its label then says.

    `ticks` maps positions to their labels; without it, round numbers are taken. Thousands are set apart by commas,
    except where the axis can only be one of years.
    """

    label: str
    low: float
    high: float
    log: bool = False
    ticks: dict[float, str] | None = None

    def share(self, value: float) -> float:
        """Where `value` lies between the ends, from 0 to 1."""
        if self.log:
            return (math.log(value) - math.log(self.low)) / (math.log(self.high) - math.log(self.low))
        return (value - self.low) / (self.high - self.low)

    def name(self, room: float) -> str:
        """The label, with a word on the scale if that fits into `room` px."""
        names = [f"{self.label} (log scale)", f"{self.label} (log)"] if self.log and self.label else []
        return next((name for name in names if textual.width(name, 12.5) <= room), self.label)

    def marks(self) -> dict[float, str]:
        """The ticks between the ends, with their labels."""
        marks = {value: label for value, label in self._marks().items() if -1e-6 <= self.share(value) <= 1 + 1e-6}
        years = 1900 <= self.low < self.high <= 2100
        return marks if years else {value: _grouped(label) for value, label in marks.items()}

    def _marks(self) -> dict[float, str]:
        if self.ticks is not None:
            return self.ticks
        if self.log:
            powers = range(math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9) + 1)
            plain = all(-3 <= power <= 5 for power in powers)
            return {10.0**power: _number(10.0**power) if plain else _power(power) for power in powers}
        step = _round_step((self.high - self.low) / 5)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return {index * step: _number(index * step) for index in range(first, last + 1)}


@dataclass
class Chart:
    """A plot area with axes; each method adds one layer."""

    x: Axis
    y: Axis
    width: float = 720
    height: float = 330
    left: float = 62
    right: float = 20
    _body: list[tuple[bool, str]] = field(default_factory=list)
    _legend: list[tuple[int, str, str]] = field(default_factory=list)

    def line(
        self, xs: Sequence[float], ys: Sequence[float], *, series: int = 0, label: str = "", dashed: bool = False
    ) -> None:
        """A line through points; values outside the axes are cut off."""
        path = "M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in map(self._at, xs, ys))
        extra = " ad-dashed" if dashed else ""
        self._body.append((True, f'<path class="ad-series ad-s{series % SERIES}{extra}" d="{path}"/>'))
        self._named(series, label, "dashed" if dashed else "line")

    def points(
        self, xs: Sequence[float], ys: Sequence[float], *, series: int = 0, label: str = "", r: float = 3
    ) -> None:
        """A dot at each point inside the axes."""
        for px, py in map(self._at, xs, ys):
            if self.left - 0.5 <= px <= self.width - self.right + 0.5 and TOP - 0.5 <= py <= self._bottom + 0.5:
                place = f'cx="{px:.1f}" cy="{py:.1f}" r="{r:g}"'
                self._body.append((False, f'<circle class="ad-point ad-s{series % SERIES}" {place}/>'))
        self._named(series, label, "point")

    def bars(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        *,
        width: float,
        series: int = 0,
        label: str = "",
        base: Sequence[float] | None = None,
        outlined: bool = False,
    ) -> None:
        """Upright bars, `width` in units of the x axis, from `base` (the axis by default) up to `ys`."""
        bases = base or [self.y.low] * len(xs)
        for x, y, low in zip(xs, ys, bases, strict=True):
            (x0, y1), (x1, y0) = self._at(x - width / 2, y), self._at(x + width / 2, low)
            classes = f"ad-bar ad-s{series % SERIES}{' ad-outlined' if outlined else ''}"
            size = f'width="{x1 - x0:.1f}" height="{max(y0 - y1, 0):.1f}"'
            self._body.append((True, f'<rect class="{classes}" x="{x0:.1f}" y="{y1:.1f}" {size}/>'))
        self._named(series, label, "outlined" if outlined else "bar")

    def upright(self, x: float) -> None:
        """A dashed line across the plot that belongs to no series: a boundary between two regions."""
        px, _ = self._at(x, self.y.low)
        self._body.append((False, f'<path class="ad-axis ad-dashed" d="M{px:.1f} {self._bottom:g}V{TOP:g}"/>'))

    def note(self, label: str, x: float, y: float, *, anchor: str = "middle", dx: float = 0, dy: float = 0) -> None:
        """A comment at a place in the data's units."""
        px, py = self._at(x, y)
        self._body.append((False, _text(label, px + dx, py + dy, anchor, "ad-text ad-muted", 12)))

    def svg(self, uid: str, title: str, desc: str) -> str:
        """The whole as inline SVG; where there is no legend, or no name for the x axis, its line is left out."""
        inside = self.width - self.left - self.right
        # Half a line's width more on every side: a line along an edge is not thinned.
        size = f'width="{inside + 2.4:g}" height="{self._bottom - TOP + 2.4:g}"'
        clip = f'<clipPath id="{uid}-c"><rect x="{self.left - 1.2:g}" y="{TOP - 1.2:g}" {size}/></clipPath>'
        layers = "".join(
            f'<g clip-path="url(#{uid}-c)">{"".join(part for _, part in parts)}</g>'
            if clipped
            else "".join(part for _, part in parts)
            for clipped, parts in groupby(self._body, key=lambda layer: layer[0])
        )
        body = f"<defs>{clip}</defs>{self._axes()}{layers}{self._key()}"
        above, below = 0 if self._legend else 20, 0 if self.x.label else 20
        if above:
            body = f'<g transform="translate(0 {-above})">{body}</g>'
        return svg_element(uid, self.width, self.height - above - below, title, desc, body)

    @property
    def _bottom(self) -> float:
        return self.height - 48

    def _at(self, x: float, y: float) -> tuple[float, float]:
        # The legend's line is always kept free, so that layers may be added before or after a label.
        across = self.left + self.x.share(x) * (self.width - self.left - self.right)
        return across, self._bottom - self.y.share(y) * (self._bottom - TOP)

    def _named(self, series: int, label: str, kind: str) -> None:
        if label:
            self._legend.append((series % SERIES, label, kind))

    def _axes(self) -> str:
        out = []
        for value, name in self.x.marks().items():
            px, _ = self._at(value, self.y.low)
            out.append(f'<path class="ad-rule" d="M{px:.1f} {self._bottom:g}V{TOP:g}"/>')
            out.append(_text(name, px, self._bottom + 18, "middle", "ad-text ad-muted", 12))
        for value, name in self.y.marks().items():
            _, py = self._at(self.x.low, value)
            out.append(f'<path class="ad-rule" d="M{self.left:g} {py:.1f}H{self.width - self.right:g}"/>')
            out.append(_text(name, self.left - 8, py + 4, "end", "ad-text ad-muted", 12))
        out.append(f'<path class="ad-axis" d="M{self.left:g} {TOP:g}V{self._bottom:g}H{self.width - self.right:g}"/>')
        middle = (self.left + self.width - self.right) / 2
        if self.x.label:
            name = self.x.name(self.width - self.left - self.right)
            out.append(_text(name, middle, self.height - 8, "middle", "ad-text", 12.5))
        centre = (self._bottom + TOP) / 2
        turn = f' transform="rotate(-90 14 {centre:g})"'
        out.append(_text(self.y.name(2 * centre - 8), 14, centre, "middle", "ad-text", 12.5, turn))
        return "".join(out)

    def _key(self) -> str:
        out, x = [], self.left
        for series, label, kind in self._legend:
            out.append(_swatch(kind, series, x))
            out.append(_text(label, x + 20, 18, "start", "ad-text", 12.5))
            x += 20 + textual.width(label, 12.5) + 20
        return "".join(out)


def _text(label: str, x: float, y: float, anchor: str, classes: str, size: float, extra: str = "") -> str:
    return (
        f'<text class="{classes}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size:g}"{extra}>'
        f"{textual.tspans(label)}</text>"
    )


def _round_step(raw: float) -> float:
    scale = 10 ** math.floor(math.log10(raw))
    return float(next(m * scale for m in (1, 2, 2.5, 5, 10) if m * scale >= raw))


def _number(value: float) -> str:
    return f"{value:.10g}".replace("-", "−")


def _grouped(label: str) -> str:
    return _THOUSANDS.sub(lambda number: f"{int(number[0]):,}", label)


def _power(power: int) -> str:
    return "1" if power == 0 else f"$10^{{{power}}}$".replace("-", "−")


def _swatch(kind: str, series: int, x: float) -> str:
    """A sample of the mark that a series is drawn with."""
    if kind == "point":
        return f'<circle class="ad-point ad-s{series}" cx="{x + 7:g}" cy="14" r="4"/>'
    if kind in ("line", "dashed"):
        dashes = " ad-dashed" if kind == "dashed" else ""
        return f'<path class="ad-series ad-s{series}{dashes}" d="M{x:g} 14h14"/>'
    outline = " ad-outlined" if kind == "outlined" else ""
    return f'<rect class="ad-bar ad-s{series}{outline}" x="{x:g}" y="9" width="14" height="10" rx="2"/>'
