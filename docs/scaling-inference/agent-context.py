"""What a long-running agent reads, by the way in which it keeps its context short."""

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path

Context = list[tuple[str, int]]
"""Pieces of text, each with a name that identifies its content and its tokens."""

SYSTEM, CALL, RESULT, SUMMARY, STUB = 6000, 400, 2000, 2000, 10


# --8<-- [start:account]
def account(requests: Iterator[tuple[Context, tuple[str, int]]]) -> dict[str, int]:
    """Tokens of all requests: written, computed anew, read from a prefix cache."""
    total = {"written": 0, "anew": 0, "cached": 0, "longest": 0}
    kept: Context = []  # what the cache holds: the last context and what was written
    for context, output in requests:
        same = 0
        while same < min(len(kept), len(context)) and kept[same] == context[same]:
            same += 1
        total["cached"] += sum(tokens for _, tokens in context[:same])
        total["anew"] += sum(tokens for _, tokens in context[same:])
        total["written"] += output[1]
        kept = [*context, output]
        total["longest"] = max(total["longest"], sum(tokens for _, tokens in kept))
    return total


# --8<-- [end:account]


# --8<-- [start:rules]
def append(turns: int) -> Iterator[tuple[Context, tuple[str, int]]]:
    """Keep everything."""
    context: Context = [("system", SYSTEM)]
    for turn in range(turns):
        yield context, (f"call {turn}", CALL)
        context = [*context, (f"call {turn}", CALL), (f"result {turn}", RESULT)]


def omit(
    turns: int, keep: int, limit: int = 0
) -> Iterator[tuple[Context, tuple[str, int]]]:
    """Replace old results by a stub: in every turn, or only when over the limit."""
    context: Context = [("system", SYSTEM)]
    for turn in range(turns):
        if sum(tokens for _, tokens in context) > limit:
            old = {f"result {i}" for i in range(turn - keep)}
            context = [(n, STUB if n in old else tokens) for n, tokens in context]
        yield context, (f"call {turn}", CALL)
        context = [*context, (f"call {turn}", CALL), (f"result {turn}", RESULT)]


def compact(
    turns: int, limit: int, summary: int = SUMMARY
) -> Iterator[tuple[Context, tuple[str, int]]]:
    """Over the limit, let the model summarise its context and go on from there."""
    context: Context = [("system", SYSTEM)]
    for turn in range(turns):
        if sum(tokens for _, tokens in context) > limit:
            text = (f"summary {turn}", summary)
            if summary:
                yield context, text
            context = [("system", SYSTEM), text]
        yield context, (f"call {turn}", CALL)
        context = [*context, (f"call {turn}", CALL), (f"result {turn}", RESULT)]


def fold(turns: int, branch: int) -> Iterator[tuple[Context, tuple[str, int]]]:
    """Leave only a short report of every branch of so many turns."""
    main: Context = [("system", SYSTEM)]
    context = main
    for turn in range(turns):
        yield context, (f"call {turn}", CALL)
        context = [*context, (f"call {turn}", CALL), (f"result {turn}", RESULT)]
        if turn % branch == branch - 1:
            yield context, (f"report {turn}", CALL)
            main = [*main, (f"report {turn}", CALL)]
            context = main


# --8<-- [end:rules]


# --8<-- [start:stretch]
def price_of_a_turn(
    stretch: float, growth: float, base: float, once: float, read: float
) -> float:
    """What compaction after so many new tokens adds to the price of a turn.

    A new token costs 1, one read from the cache `read`, a compaction `once`
    beside the reading of its context.
    """
    reading = read * (base + stretch / 2)
    return reading + growth / stretch * (once + read * (base + stretch))


def best_stretch(growth: float, base: float, once: float, read: float) -> float:
    """The stretch with the smallest price."""
    return math.sqrt(2 * growth * (once / read + base))


# --8<-- [end:stretch]


# --8<-- [start:critical]
def critical_steps(stages: list[tuple[int, list[int]]]) -> int:
    """Steps one after another: the main agent's and those of the slowest helper."""
    return sum(main + max(helpers, default=0) for main, helpers in stages)


# --8<-- [end:critical]


def price(total: dict[str, int], read: float = 0.1, write: float = 5.0) -> float:
    """Price of all requests in new input tokens."""
    return total["anew"] + read * total["cached"] + write * total["written"]


def rules(turns: int) -> dict[str, Iterator[tuple[Context, tuple[str, int]]]]:
    """The rules of the output and of the figure."""
    return {
        "append everything": append(turns),
        "omit all but 5 results, each turn": omit(turns, 5),
        "omit all but 5, above 100,000": omit(turns, 5, 100_000),
        "summarise above 100,000": compact(turns, 100_000),
        "discard all above 100,000": compact(turns, 100_000, 0),
        "fold branches of 10 turns": fold(turns, 10),
    }


def counts(turns: int = 200, read: float = 0.1) -> dict[str, int]:
    """The share of the price that cached tokens are when everything is kept, in
    percent.
    """
    total = account(append(turns))
    return {"cached": round(100 * read * total["cached"] / price(total, read))}


def stored() -> dict[str, object]:
    """Lengths of contexts over the turns, and prices over the threshold."""
    turns = 100
    lengths = {
        name: [
            sum(tokens for _, tokens in context)
            for context, output in requests
            if output[0].startswith("call")
        ]
        for name, requests in rules(turns).items()
    }
    base = SYSTEM + SUMMARY
    stretches = [2000 * 1.12**i for i in range(42)]
    growth, read = CALL + RESULT, 0.1
    once = {f"{n} turns repeated": ONCE + n * TURN for n in (0, 5, 20)}
    return {
        "counts": counts(),
        "lengths": lengths,
        "thresholds": [round(base + s) for s in stretches],
        "prices": {
            name: [
                round(TURN + price_of_a_turn(s, growth, base, cost, read))
                for s in stretches
            ]
            for name, cost in once.items()
        },
    }


ONCE = 5 * SUMMARY + SUMMARY
"""Writing the summary, and computing it anew at its new place."""
TURN = 5 * CALL + RESULT
"""A turn without what it reads from the cache."""


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(stored()) + "\n", encoding="utf-8"
        )
    print("200 turns, in thousands of tokens")
    print(f"{'':34}written    anew  cached  longest  price")
    for name, requests in rules(200).items():
        total = account(requests)
        cells = [total[k] / 1000 for k in ("written", "anew", "cached", "longest")]
        print(
            f"{name:<34}"
            + "{:7.0f} {:7.0f} {:7.0f}  {:7.0f}".format(*cells)
            + f"{price(total) / 1000:7.0f}"
        )
    total = account(append(20))
    cells = [10 * total[k] / 1000 for k in ("written", "anew", "cached")]
    print("{:<34}{:7.0f} {:7.0f} {:7.0f}".format("10 helpers of 20 turns each", *cells))
    base, growth = SYSTEM + SUMMARY, CALL + RESULT
    print(
        "threshold with the smallest price, if a compaction means so many turns again"
    )
    for again in (0, 5, 20):
        best = best_stretch(growth, base, ONCE + again * TURN, 0.1)
        print(f"  {again:2d}: {base + best:7.0f} tokens")
    stages = [(1, []), (1, [12, 9, 15]), (1, [6, 6])]
    total_steps = sum(main + sum(helpers) for main, helpers in stages)
    print(f"helpers: {critical_steps(stages)} of {total_steps} steps are critical")
