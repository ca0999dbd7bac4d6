"""Playable worlds: rays of a camera, a context chosen by what was in view, and how soon
an action can be seen.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:rays]
def plucker(origin, directions):
    """Six numbers for the ray through each pixel: its moment and its direction. They do
    not depend on the point from which the ray is drawn, only on the line itself.
    """
    unit = directions / np.linalg.norm(directions, axis=-1, keepdims=True)
    return np.concatenate([np.cross(origin, unit), unit], -1)


# --8<-- [end:rays]


# --8<-- [start:view]
REACH, ANGLE = 8.0, np.radians(60)
"""How far a camera looks, and the angle it takes in: seen from above, its view is a
slice of a disc.
"""


def spread(radii=64, angles=24):
    """Points of the view of a camera in the origin that looks along x, all standing for
    the same area.
    """
    radius = REACH * np.sqrt((np.arange(radii) + 0.5) / radii)
    angle = ANGLE * ((np.arange(angles) + 0.5) / angles - 0.5)
    return (radius[:, None] * np.exp(1j * angle)).ravel()


def sees(camera, points):
    """Which points are in the view of a camera: its place, as a complex number, and its
    heading.
    """
    place, heading = camera
    seen_from = (points - place) * np.exp(-1j * heading)
    return (np.abs(seen_from) < REACH) & (np.abs(np.angle(seen_from)) < ANGLE / 2)


def view(camera):
    """The points in a camera's view."""
    place, heading = camera
    return place + spread() * np.exp(1j * heading)


def overlap(now, then):
    """Share of what is in view now that was in view then."""
    return sees(then, view(now)).mean()


# --8<-- [end:view]


# --8<-- [start:choose]
def choose(cameras, start, section=4, size=20, latest=12):
    """The latents that the section from `start` may look at: the first section, the
    latest ones, and of the sections between them those whose views overlap most with
    the views to be generated.
    """
    if start <= size:
        return list(range(start))
    now = range(start, min(start + section, len(cameras)))

    def worth(old):
        return np.mean(
            [overlap(cameras[i], cameras[j]) for i in now for j in (old, old + 2)]
        )

    between = sorted(range(section, start - latest, section), key=worth, reverse=True)
    kept = [0, *between[: (size - latest) // section - 1]]
    return sorted(
        {i for old in kept for i in range(old, old + section)}
        | set(range(start - latest, start))
    )


def cover(cameras, start, section=4, size=20, latest=12):
    """As above, but one latent at a time, each time the one that shows most of what no
    other has shown yet.
    """
    if start <= size:
        return list(range(start))
    points = np.concatenate(
        [view(camera) for camera in cameras[start : start + section]]
    )
    shown = {old: sees(cameras[old], points) for old in range(start)}
    kept = list(range(start - latest, start))
    seen = np.any([shown[old] for old in kept], axis=0)
    while len(kept) < size:
        kept.append(
            max(set(shown) - set(kept), key=lambda old: (shown[old] & ~seen).sum())
        )
        seen = seen | shown[kept[-1]]
    return sorted(kept)


# --8<-- [end:choose]


# --8<-- [start:reaction]
def reaction(frames, rate, making=1.0):
    """Shortest and longest time in seconds from an action to the first frame that can
    show it.

    The action is read when the making of a section begins. `making` is the time that
    this takes, as a share of the time that the section lasts; a model that keeps pace
    has 1 at most.
    """
    lasts = frames / rate
    return making * lasts, making * lasts + lasts


# --8<-- [end:reaction]


def walk():
    """Cameras of 108 latents: look around, walk ahead, turn round, walk back, look
    around again.
    """
    place, heading, cameras = 0j, 0.0, []
    for latents, step, turn in (
        (24, 0, 15),
        (24, 0.5, 0),
        (12, 0, 15),
        (24, 0.5, 0),
        (24, 0, 15),
    ):
        for _ in range(latents):
            cameras.append((place, heading))
            place, heading = (
                place + step * np.exp(1j * heading),
                heading + np.radians(turn),
            )
    return cameras


def experiment():
    """Share of each section's views that some latent of the context has seen, for three
    contexts.
    """
    cameras, rows = walk(), {"everything": [], "chosen": [], "cover": [], "last": []}
    for start in range(4, len(cameras), 4):
        contexts = {
            "everything": range(start),
            "chosen": choose(cameras, start),
            "cover": cover(cameras, start),
            "last": range(max(0, start - 20), start),
        }
        for name, context in contexts.items():
            shares = []
            for now in cameras[start : start + 4]:
                points = view(now)
                shares.append(
                    np.any([sees(cameras[j], points) for j in context], axis=0).mean()
                )
            rows[name].append(round(float(np.mean(shares)), 4))
    chosen = {
        str(start): sorted({i // 4 for i in choose(cameras, start)})
        for start in (72, 88)
    }
    headings = [round(heading, 4) for _, heading in cameras[::4]]
    return {"share": rows, "chosen": chosen, "heading": headings}


if __name__ == "__main__":
    results = experiment()
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(results) + "\n", encoding="utf-8"
        )
    eye = np.array([0.0, 1.6, 0.0])
    ahead = np.array([[0.0, 0.0, 1.0], [0.3, -0.2, 1.0]])
    print("rays of two pixels of a camera at height 1.6: moment, then direction")
    for row in plucker(eye, ahead):
        print("  " + " ".join(f"{number:6.2f}" for number in row))
    gap = np.abs(plucker(eye + 5 * ahead[1], ahead)[1] - plucker(eye, ahead)[1]).max()
    print(
        "the second ray drawn from a point five steps along it is the same:",
        gap < 1e-12,
    )
    print("context of 20 latents while walking back and while looking around again")
    for start, sections in results["chosen"].items():
        print(
            f"  section {int(start) // 4:2d} reads sections {', '.join(map(str, sections))}"
        )
    print("share of the view that some latent of the context has seen")
    print(
        "  sections            "
        + "".join(f"{part:>13s}" for part in ("walking back", "around again"))
    )
    for name, label in (
        ("last", "last 20 latents"),
        ("chosen", "20, chosen by view"),
        ("cover", "20, by what lacks"),
        ("everything", "all so far"),
    ):
        back, around = (
            np.mean(results["share"][name][part])
            for part in (slice(14, 20), slice(20, 26))
        )
        print(f"  {label:20s}{back:13.2f}{around:13.2f}")
    for name, frames, rate in (
        ("one frame", 1, 24),
        ("WorldPlay", 16, 24),
        ("GameCraft", 33, 25),
    ):
        soonest, latest = reaction(frames, rate)
        print(
            f"{name:10s} {frames:2d} frames at {rate} a second: an action shows after {soonest:.2f} to {latest:.2f} s"
        )
