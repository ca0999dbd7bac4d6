"""The visual language of the site's diagrams: boxes, operators, tensors, frames and arrows as inline SVG.

Everything is placed by its centre, in px. Colours come from *roles*, which the style sheet maps to a colour in either
palette; a figure never names a colour. The roles:

    data       tokens, vectors, anything that flows        attention  mixing between positions
    ffn        computation at one position                 norm       normalisation, small helpers
    state      memory: caches and recurrent states         router     choices and gates
    noise      noise and corrupted data                    loss       objectives and judgements
    frozen     parts that are not trained                  note       comments, nothing else
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

from archfigures import text as textual

Point = tuple[float, float]

ROLES = ("data", "attention", "ffn", "norm", "state", "router", "noise", "loss", "frozen", "note")
LINE = 17.0
PADDING = 12.0


@dataclass(frozen=True)
class Box:
    """A rectangle and the points arrows start from and end at."""

    x: float
    y: float
    w: float
    h: float

    @property
    def centre(self) -> Point:
        return self.x, self.y

    @property
    def left(self) -> Point:
        return self.x - self.w / 2, self.y

    @property
    def right(self) -> Point:
        return self.x + self.w / 2, self.y

    @property
    def top(self) -> Point:
        return self.x, self.y - self.h / 2

    @property
    def bottom(self) -> Point:
        return self.x, self.y + self.h / 2

    def on(self, side: str, share: float) -> Point:
        """A point on a side, `share` of the way along it from its left or upper end."""
        across, along = self.x + (share - 0.5) * self.w, self.y + (share - 0.5) * self.h
        points = {
            "top": (across, self.y - self.h / 2),
            "bottom": (across, self.y + self.h / 2),
            "left": (self.x - self.w / 2, along),
            "right": (self.x + self.w / 2, along),
        }
        return points[side]


@dataclass
class Drawing:
    """A diagram of a fixed width; its height follows from what is in it unless it is given."""

    width: float = 720
    height: float | None = None
    _back: list[str] = field(default_factory=list)
    _front: list[str] = field(default_factory=list)
    _lowest: float = 0

    def box(
        self,
        label: str,
        at: Point,
        *,
        role: str = "data",
        w: float | None = None,
        h: float | None = None,
        dashed: bool = False,
        size: float = textual.FONT_SIZE,
        corner: float = 7,
    ) -> Box:
        """A rounded box with one or more lines of text, as wide as the text needs unless `w` is larger.

        Raises `ValueError` when the text does not fit a given width.
        """
        lines = label.split("\n")
        needed = max((textual.width(line, size) for line in lines), default=0)
        if w is not None and needed > w:
            raise ValueError(f"{label!r} needs {needed:.0f} px and its box has {w:.0f}")
        box = Box(*at, w or needed + 2 * PADDING, h or LINE * len(lines) + 14)
        self._rect(box, role, rx=corner, dashed=dashed)
        self._lines(lines, at, size=size)
        return box

    def operator(self, sign: str, at: Point, *, role: str = "norm", r: float = 11) -> Box:
        """A small circle with a sign: + for a residual addition, × for a gate, σ, and so on."""
        x, y = at
        self._front.append(f'<circle class="ad-shape ad-{_role(role)}" cx="{x:g}" cy="{y:g}" r="{r:g}"/>')
        self.label(sign, (x, y), size=15)
        self._grow(y + r)
        return Box(x, y, 2 * r, 2 * r)

    def label(
        self,
        label: str,
        at: Point,
        *,
        anchor: str = "middle",
        size: float = 12.5,
        muted: bool = False,
        bold: bool = False,
    ) -> None:
        """Free text; several lines are centred on `at`."""
        self._lines(label.split("\n"), at, anchor=anchor, size=size, muted=muted, bold=bold)

    def arrow(
        self,
        start: Point,
        end: Point,
        label: str = "",
        *,
        via: Sequence[Point] = (),
        dashed: bool = False,
        role: str = "",
        head: bool = True,
        side: float = -9,
        at: float = 0.5,
        stop: float = 0,
    ) -> None:
        """A line from start to end through `via`, with an arrow's head; the label stands `side` px beside it.

        `at` is where on the longest segment the label stands. Negative `side` is above a horizontal line and
        to the left of a vertical one. The head stands `stop` px before the end, for instance at a dot's rim.
        """
        points = [start, *via, _before([start, *via][-1], end, stop)]
        path = "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
        classes = "ad-edge" + (f" ad-{_role(role)}" if role else "") + (" ad-dashed" if dashed else "")
        marker = ' marker-end="url(#{id}-head)"' if head else ""
        self._back.append(f'<path class="{classes}" d="{path}"{marker}/>')
        self._grow(max(y for _, y in points))
        if label:
            self._edge_label(label, points, side, at)

    def frame(self, boxes: Iterable[Box], label: str = "", *, margin: float = 16, role: str = "note") -> Box:
        """A dashed frame around boxes, for a layer that is repeated or a part with a name (its label: "× L")."""
        inside = list(boxes)
        x0, x1 = min(b.left[0] for b in inside) - margin, max(b.right[0] for b in inside) + margin
        y0, y1 = min(b.top[1] for b in inside) - margin, max(b.bottom[1] for b in inside) + margin
        frame = Box((x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0)
        self._back.insert(0, _rect_svg(frame, f"ad-frame ad-{_role(role)}", rx=10))
        self._grow(y1)
        if label:
            self.label(label, (x1 - 8, y1 + 14), anchor="end", size=12.5, bold=True)
        return frame

    def tensor(
        self,
        at: Point,
        rows: int,
        columns: int,
        *,
        cell: float = 12,
        role: str = "data",
        label: str = "",
        shape: str = "",
    ) -> Box:
        """A grid of cells that stands for a matrix, with its name above and its shape below."""
        box = Box(*at, columns * cell, rows * cell)
        self._rect(box, role, rx=1.5)
        x0, y0 = box.left[0], box.top[1]
        steps = [f"M{x0 + i * cell:g} {y0:g}v{box.h:g}" for i in range(1, columns)]
        steps += [f"M{x0:g} {y0 + i * cell:g}h{box.w:g}" for i in range(1, rows)]
        self._front.append(f'<path class="ad-grid ad-{_role(role)}" d="{"".join(steps)}"/>')
        if label:
            self.label(label, (at[0], y0 - 10))
        if shape:
            self.label(shape, (at[0], box.bottom[1] + 13), size=12, muted=True)
        return box

    def heatmap(
        self,
        at: Point,
        values: Sequence[Sequence[float]],
        *,
        cell: float = 16,
        role: str = "attention",
        label: str = "",
    ) -> Box:
        """Cells shaded by values between 0 (empty) and 1 (full); `None`-like negatives are left blank."""
        rows, columns = len(values), len(values[0])
        box = Box(*at, columns * cell, rows * cell)
        x0, y0 = box.left[0], box.top[1]
        for i, row in enumerate(values):
            for j, value in enumerate(row):
                if value >= 0:
                    place = f'x="{x0 + j * cell + 0.5:g}" y="{y0 + i * cell + 0.5:g}"'
                    size = f'width="{cell - 1:g}" height="{cell - 1:g}"'
                    shade = f'style="--v:{min(value, 1):.3f}"'
                    self._front.append(f'<rect class="ad-cell ad-{_role(role)}" {place} {size} {shade}/>')
        self._grow(box.bottom[1])
        if label:
            self.label(label, (at[0], y0 - 11))
        return box

    def dot(self, at: Point, *, role: str = "data", r: float = 4) -> Box:
        """A small filled circle: a token, a sample, a junction."""
        self._front.append(f'<circle class="ad-dot ad-{_role(role)}" cx="{at[0]:g}" cy="{at[1]:g}" r="{r:g}"/>')
        self._grow(at[1] + r)
        return Box(*at, 2 * r, 2 * r)

    def dots(self, points: Iterable[Point], *, role: str = "data", r: float = 1.7) -> None:
        """A cloud of samples of one kind, as one shape: hundreds of circles would weigh ten times as much."""
        places = [(round(x, 1), round(y, 1)) for x, y in points]
        if places:
            path = "".join(f"M{x:g} {y:g}h0" for x, y in places)  # a line of no length, of which only the ends are seen
            self._front.append(f'<path class="ad-dots ad-{_role(role)}" stroke-width="{2 * r:g}" d="{path}"/>')
            self._grow(max(y for _, y in places) + r)

    def line(self, points: Sequence[Point], *, role: str = "note", dashed: bool = False, thick: bool = False) -> None:
        """A line through points without a head."""
        path = "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
        extra = (" ad-dashed" if dashed else "") + (" ad-thick" if thick else "")
        self._front.append(f'<path class="ad-line ad-{_role(role)}{extra}" d="{path}"/>')
        self._grow(max(y for _, y in points))

    def rule(self, start: Point, end: Point) -> None:
        """A faint line behind everything, like those of a chart: text may stand on it."""
        self._back.append(f'<path class="ad-rule" d="M{start[0]:g} {start[1]:g}L{end[0]:g} {end[1]:g}"/>')
        self._grow(max(start[1], end[1]))

    def svg(self, uid: str, title: str, desc: str) -> str:
        """The whole as inline SVG whose ids begin with `uid`."""
        height = self.height or self._lowest + 14
        head = (
            f'<marker id="{uid}-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
            f'markerUnits="userSpaceOnUse" orient="auto-start-reverse">'
            '<path class="ad-head" d="M0 .5L7.5 4L0 7.5z"/></marker>'
        )
        body = "".join([*self._back, *self._front]).replace("{id}", uid)
        return svg_element(uid, self.width, height, title, desc, f"<defs>{head}</defs>{body}")

    def _rect(self, box: Box, role: str, *, rx: float, dashed: bool = False) -> None:
        self._front.append(_rect_svg(box, f"ad-shape ad-{_role(role)}{' ad-dashed' if dashed else ''}", rx))
        self._grow(box.bottom[1])

    def _lines(
        self,
        lines: Sequence[str],
        at: Point,
        *,
        anchor: str = "middle",
        size: float = textual.FONT_SIZE,
        muted: bool = False,
        bold: bool = False,
    ) -> None:
        x, y = at
        first = y - LINE * (len(lines) - 1) / 2
        classes = f"ad-text{' ad-muted' if muted else ''}{' ad-bold' if bold else ''}"
        for index, line in enumerate(lines):
            baseline = first + index * LINE + size * 0.35
            self._front.append(
                f'<text class="{classes}" x="{x:g}" y="{baseline:g}" text-anchor="{anchor}" font-size="{size:g}">'
                f"{textual.tspans(line)}</text>"
            )
            self._grow(baseline + 4)

    def _edge_label(self, label: str, points: Sequence[Point], side: float, at: float) -> None:
        def length(k: int) -> float:
            return abs(points[k + 1][0] - points[k][0]) + abs(points[k + 1][1] - points[k][1])

        longest = max(range(len(points) - 1), key=length)
        (x0, y0), (x1, y1) = points[longest], points[longest + 1]
        x, y = x0 + (x1 - x0) * at, y0 + (y1 - y0) * at
        if abs(x1 - x0) >= abs(y1 - y0):
            side -= 3 if side < 0 and "_" in label else 0  # subscripts reach down to the line
            self.label(label, (x, y + side), size=12, muted=True)
        else:
            self.label(label, (x + side, y), size=12, muted=True, anchor="end" if side < 0 else "start")

    def _grow(self, y: float) -> None:
        self._lowest = max(self._lowest, y)


def svg_element(uid: str, width: float, height: float, title: str, desc: str, body: str) -> str:
    """An `<svg>` with a name and a description for those who cannot see it."""
    return (
        f'<svg class="ad" role="img" aria-labelledby="{uid}-t {uid}-d" viewBox="0 0 {width:g} {height:g}" '
        f'style="max-width:{width:g}px;min-width:{min(width, 640):g}px" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{uid}-t">{escape(title)}</title><desc id="{uid}-d">{escape(desc)}</desc>{body}</svg>'
    )


def _rect_svg(box: Box, classes: str, rx: float) -> str:
    return (
        f'<rect class="{classes}" x="{box.x - box.w / 2:g}" y="{box.y - box.h / 2:g}" '
        f'width="{box.w:g}" height="{box.h:g}" rx="{rx:g}"/>'
    )


def _before(start: Point, end: Point, by: float) -> Point:
    share = by / (math.dist(start, end) or 1)
    return end[0] + (start[0] - end[0]) * share, end[1] + (start[1] - end[1]) * share


def _role(role: str) -> str:
    if role not in ROLES:
        raise ValueError(f"no role {role!r}; there are {', '.join(ROLES)}")
    return role
