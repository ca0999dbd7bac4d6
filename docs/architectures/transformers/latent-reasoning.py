"""Thoughts as vectors: outputs fed back as inputs, the training schedule, and a search
that one thought can hold.
"""

import json
import sys
from pathlib import Path

import numpy as np


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def norm(x):
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-6)


# --8<-- [start:think]
def read(x, layers, caches):
    """A causal decoder over new input vectors x (T × d): the outputs of the last layer,
    after the final norm.
    """
    for i, w in enumerate(layers):
        cache = caches.setdefault(i, {})
        q, k, v = (norm(x) @ w[name] for name in ("q", "k", "v"))
        cache["k"] = k = np.concatenate([cache.get("k", k[:0]), k])
        cache["v"] = v = np.concatenate([cache.get("v", v[:0]), v])
        late = np.arange(len(k)) > len(k) - len(x) + np.arange(len(x))[:, None]
        x = (
            x
            + softmax(np.where(late, -np.inf, q @ k.T / np.sqrt(q.shape[1])))
            @ v
            @ w["o"]
        )
        x = x + np.maximum(norm(x) @ w["up"], 0) @ w["down"]
    return norm(x)


def next_input(kind, h, embed):
    """What enters at the next position, after an output h (1 × d)."""
    if kind == "word":  # chain of thought: one row of the embedding, here the likeliest
        return embed[np.argmax(h @ embed.T, axis=-1)]
    # Soft Thinking: the mean of all rows, weighted by their probabilities
    if kind == "mixture":
        return softmax(h @ embed.T) @ embed
    return h  # COCONUT's thought: the output itself


def think(question, steps, kind, layers, embed, marks):
    """Read a question, take steps of thinking; the scores of the next token, and the
    passes that took.
    """
    caches, passes, (begin, end, pause) = {}, 1, marks
    x = np.concatenate([embed[question], begin])
    # a learned vector, known beforehand: everything is read in one pass
    if kind == "pause":
        x = np.concatenate([x, np.repeat(pause, steps, axis=0)])
    else:
        for _ in range(steps):
            x, passes = (
                next_input(kind, read(x, layers, caches)[-1:], embed),
                passes + 1,
            )
    return read(np.concatenate([x, end]), layers, caches)[-1:] @ embed.T, passes


# --8<-- [end:think]


def think_without_cache(question, steps, layers, embed, marks):
    """COCONUT as a training step does it: a full sequence with gaps, and a further pass
    over it for each gap.
    """
    begin, end, _ = marks
    x = np.concatenate([embed[question], begin, np.zeros((steps, embed.shape[1])), end])
    for gap in range(len(question) + 1, len(x) - 1):
        x[gap] = read(x, layers, {})[gap - 1]
    return read(x, layers, {})[-1:] @ embed.T


# --8<-- [start:stages]
def example(question, solution, answer, stage, per_step, last_stage):
    """Training text at a stage: the first `stage` written steps have become thoughts
    ("o"). Loss where it is True.
    """
    written = solution[stage:] if stage <= last_stage else []
    thoughts = ["o"] * (min(stage, last_stage) * per_step)
    given = [question, "<begin>", *thoughts, "<end>"]
    return given + written + [answer], [False] * len(given) + [True] * (
        len(written) + 1
    )


# --8<-- [end:stages]


# --8<-- [start:search]
def thought_step(h, edges, nodes):
    """One layer: attend to the edges that leave a node held in h, add where they lead,
    clean up. nodes: n × d.

    An edge is one position, with its first node as the key and its second as the value.
    Weights are set by hand.
    """
    keys, values = nodes[edges[:, 0]], nodes[edges[:, 1]]
    # edges from other nodes get next to nothing
    sharp = np.sqrt(len(nodes)) * np.log(100 * len(edges))
    x = len(edges) * softmax(sharp * (h @ keys.T)) @ values
    # the feed-forward network: two hidden
    on = np.maximum(x @ nodes.T - 0.4, 0) - np.maximum(x @ nodes.T - 0.6, 0)
    # units for each node make a step, so that every node found counts the same
    out = on @ nodes
    return out / np.linalg.norm(out)


def held(h, nodes):
    """Nodes that a thought holds: those whose product with it is at least half of the
    largest.
    """
    products = h @ nodes.T
    return set(np.flatnonzero(products > products.max() / 2).tolist())


# --8<-- [end:search]


def frontier(edges, start, steps):
    """The same by sets: all nodes that can be reached in at most that many steps."""
    reached = {start}
    for _ in range(steps):
        reached |= {int(b) for a, b in edges if a in reached}
    return reached


def problem(rng, n=40, length=4):
    """Two random trees with some further edges, a start at the root of one, and a
    candidate in each of them.
    """
    while True:
        name, edges = rng.permutation(n), [(i, i) for i in range(n)]
        for tree in (name[: n // 2], name[n // 2 :]):
            for i in range(1, len(tree)):
                for parent in set(
                    rng.integers(
                        max(0, i - 6), i, size=1 + (rng.random() < 0.3)
                    ).tolist()
                ):
                    edges.append((int(tree[parent]), int(tree[i])))
        start = int(name[0])
        far = frontier(edges, start, length) - frontier(edges, start, length - 1)
        if far:
            return (
                np.array(edges),
                start,
                int(rng.choice(sorted(far))),
                int(rng.choice(name[n // 2 + 1 :])),
            )


def right(found, good, bad):
    """Share of right answers to "which of the two?": certain if one of them was found,
    otherwise a guess.
    """
    return 0.5 if (good in found) == (bad in found) else float(good in found)


def walk(rng, edges, start, steps, searching):
    """Written thoughts: each names one node. A walk goes on from the last one, a search
    from any one named so far.
    """
    seen = [start]
    for _ in range(steps):
        here = seen if searching else seen[-1:]
        open_edges = [int(b) for a, b in edges if a in here and b not in here]
        if not open_edges:
            break
        seen.append(int(rng.choice(open_edges)))
    return set(seen)


def read_back(rng, n, d, size, trials=8):
    """Share of a random set of directions that is found again in the sum of its
    members, among n of them.
    """
    found = 0.0
    for _ in range(trials):
        nodes = rng.normal(size=(n, d))
        nodes /= np.linalg.norm(nodes, axis=1, keepdims=True)
        chosen = rng.choice(n, size, replace=False)
        best = np.argsort(nodes @ nodes[chosen].sum(0))[-size:]
        found += len(set(best) & set(chosen)) / size
    return found / trials


STEPS = list(range(25))
WIDTHS, SIZES = (64, 256, 768), (1, 2, 4, 8, 16, 32, 64, 128)


def search_scores(tasks, rng):
    """Right answers by number of thoughts, for vectors and for words."""
    nodes, kinds = np.eye(40), ("vectors", "words, searching", "words, one path")
    results = {kind: [] for kind in kinds}
    thoughts = [nodes[start] for _, start, _, _ in tasks]
    for steps in STEPS:
        if steps:
            thoughts = [
                thought_step(h, edges, nodes)
                for h, (edges, *_) in zip(thoughts, tasks, strict=True)
            ]
        sets = [[held(h, nodes) for h in thoughts]]
        sets += [
            [walk(rng, edges, start, steps, way) for edges, start, _, _ in tasks]
            for way in (True, False)
        ]
        for kind, found in zip(kinds, sets, strict=True):
            scores = [
                right(f, good, bad)
                for f, (_, _, good, bad) in zip(found, tasks, strict=True)
            ]
            results[kind].append(round(float(np.mean(scores)), 4))
    return results


def experiment(problems=400):
    rng = np.random.default_rng(0)
    results = search_scores([problem(rng) for _ in range(problems)], rng)
    read = {
        str(d): [round(read_back(rng, 1000, d, size), 4) for size in SIZES]
        for d in WIDTHS
    }
    return results | {"read back": read}


def model(width=16, depth=2, vocabulary=20, seed=0):
    rng = np.random.default_rng(seed)
    shapes = dict.fromkeys("qkvo", (width, width)) | {
        "up": (width, 2 * width),
        "down": (2 * width, width),
    }
    layers = [
        {name: rng.normal(size=s) * 0.7 / np.sqrt(s[0]) for name, s in shapes.items()}
        for _ in range(depth)
    ]
    return layers, rng.normal(size=(vocabulary, width)), rng.normal(size=(3, 1, width))


if __name__ == "__main__":
    if "--store" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    parts = model()
    question = np.array([3, 1, 4, 1, 5])
    for kind in ("pause", "word", "mixture", "thought"):
        scores, passes = think(question, 4, kind, *parts)
        print(
            f"4 steps, {kind:7}: {passes} passes of {len(parts[0])} layers, one after another"
        )
    a, _ = think(question, 4, "thought", *parts)
    b = think_without_cache(question, 4, *parts)
    print(
        "cached and with gaps filled one by one differ by less than 1e-12:",
        bool(np.abs(a - b).max() < 1e-12),
    )
    for stage in range(5):
        text, loss = example("Q", ["s1", "s2", "s3", "s4"], "A", stage, 2, 3)
        print(f"stage {stage}: {' '.join(text)}   loss on {sum(loss)}")
    edges, start, good, bad = problem(np.random.default_rng(1))
    h = np.eye(40)[start]
    sizes = []
    for _ in range(6):
        h = thought_step(h, edges, np.eye(40))
        sizes.append(len(held(h, np.eye(40))))
    print("nodes held by each thought:", sizes)
    print(
        "holds the one that can be reached:",
        good in held(h, np.eye(40)),
        " the other:",
        bad in held(h, np.eye(40)),
    )
