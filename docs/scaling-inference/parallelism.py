"""A model on several devices: what each holds, what it sends, and how long it waits.
Devices are entries of a list.
"""

import numpy as np


# --8<-- [start:tensor]
def feed_forward(x, gate, up, down):
    hidden = x @ gate
    return (hidden / (1 + np.exp(-hidden)) * (x @ up)) @ down  # SwiGLU


def feed_forward_split(x, gate, up, down, devices):
    """Each device has columns of the first matrices and the same rows of the last."""
    parts = np.split(np.arange(len(down)), devices)
    return sum(feed_forward(x, gate[:, p], up[:, p], down[p]) for p in parts)


# --8<-- [end:tensor]


# --8<-- [start:ring]
def ring_sum(vectors):
    """Every device gets the sum, sending only to the next; returns also the numbers
    sent.
    """
    n, sent = len(vectors), 0
    pieces = [np.array_split(vector.astype(float), n) for vector in vectors]
    # first half: add up; second half: hand on the finished pieces
    for step in range(2 * (n - 1)):
        moving = [(device - step) % n for device in range(n)]
        messages = [pieces[device][piece].copy() for device, piece in enumerate(moving)]
        sent += len(messages[0])
        for device, (piece, message) in enumerate(zip(moving, messages, strict=True)):
            there = pieces[(device + 1) % n]
            there[piece] = there[piece] + message if step < n - 1 else message
    return [np.concatenate(piece) for piece in pieces], sent


# --8<-- [end:ring]


# --8<-- [start:exchange]
def attention(q, k, v):
    """Causal attention of one head over the whole text."""
    scores = q @ k.T / np.sqrt(q.shape[1])
    scores = np.where(np.tri(len(q), dtype=bool), scores, -np.inf)
    weights = np.exp(scores - scores.max(1, keepdims=True))
    return weights / weights.sum(1, keepdims=True) @ v


def exchanged(q, k, v, devices):
    """Attention with heads exchanged for text (Ulysses). q: H × T × d_h, k and v:
    G × T × d_h; each device holds T / devices tokens. Returns what each has afterwards,
    and how many numbers one of them has sent.
    """
    parts = [np.split(x, devices, axis=1) for x in (q, k, v)]
    # each device collects its share of the heads from all, for all tokens
    mine = [
        [np.concatenate([np.split(y, devices)[p] for y in x], axis=1) for x in parts]
        for p in range(devices)
    ]
    out = []
    for qs, ks, vs in mine:
        group = len(qs) // len(ks)
        heads = [attention(x, ks[i // group], vs[i // group]) for i, x in enumerate(qs)]
        out.append(np.stack(heads))
    # and the outputs are sent back to where the tokens are
    back = [np.split(o, devices, axis=1) for o in out]
    sent = sum(x[0].size for x in parts) + q.size // devices
    joined = [np.concatenate([b[p] for b in back]) for p in range(devices)]
    return joined, sent * (devices - 1) // devices


# --8<-- [end:exchange]


# --8<-- [start:memory]
def bytes_each(devices, stage):
    """Bytes per parameter on a device: 16-bit weights and gradients, a 32-bit
    optimiser.
    """
    # divided from this stage on: weights, gradients, optimiser
    sizes = {3: 2, 2: 2, 1: 12}
    return sum(
        size / devices if stage >= first else size for first, size in sizes.items()
    )


def idle(stages, pieces, backward=2.0):
    """Share of the time that a pipeline waits: all pieces forwards, then
    all backwards.
    """
    done = np.zeros((stages, pieces))
    for order, cost in ((range(stages), 1.0), (range(stages)[::-1], backward)):
        free = done.max(1)  # when each stage has finished the phase before
        for piece in range(pieces):
            ready = 0.0
            for stage in order:
                ready = free[stage] = max(ready, free[stage]) + cost
                done[stage, piece] = ready
    return 1 - pieces * (1 + backward) / done.max()


# --8<-- [end:memory]


# --8<-- [start:apart]
def round_apart(start, gradients, steps, rate, velocity=0.0, outer=1.0, momentum=0.0):
    """Each group goes so many steps by its own gradient; the mean way then counts as
    one gradient for an outer step (Nesterov's, if there is momentum).
    """
    ends = []
    for gradient in gradients:
        w = start
        for _ in range(steps):
            w = w - rate * gradient(w)
        ends.append(w)
    way = start - np.mean(ends, 0)
    velocity = momentum * velocity + way
    return start - outer * (way + momentum * velocity), velocity


def resting_point(curvatures, optima, steps, rate):
    """Where such rounds end for quadratic losses, whatever the outer optimiser: there
    the mean way is zero.
    """
    eye = np.eye(len(curvatures[0]))
    pulls = [eye - np.linalg.matrix_power(eye - rate * a, steps) for a in curvatures]
    return np.linalg.solve(
        sum(pulls), sum(m @ o for m, o in zip(pulls, optima, strict=True))
    )


# --8<-- [end:apart]


def groups(differ, count=4, size=10, items=200, seed=0):
    """Least squares on data of several groups: curvatures and optima; `differ` is how
    much their inputs and their truths do.
    """
    rng = np.random.default_rng(seed)
    truth, curvatures, optima = rng.normal(size=size), [], []
    for _ in range(count):
        x = rng.normal(size=(items, size)) * np.exp(differ * rng.normal(size=size))
        y = x @ (truth + differ * rng.normal(size=size)) + rng.normal(size=items) / 2
        curvatures.append(x.T @ x / items)
        optima.append(np.linalg.solve(curvatures[-1], x.T @ y / items))
    return curvatures, optima


def lost(differ, steps):
    """Share of what training gains that is lost by going so many steps apart."""
    curvatures, optima = groups(differ)

    def loss(w):
        pairs = zip(curvatures, optima, strict=True)
        return sum((w - o) @ a @ (w - o) for a, o in pairs)

    rate = 0.5 / max(np.linalg.eigvalsh(a).max() for a in curvatures)
    best = resting_point(curvatures, optima, 1, rate)
    there = resting_point(curvatures, optima, steps, rate)
    return (loss(there) - loss(best)) / (loss(0 * best) - loss(best))


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    x, gate, up, down = (
        rng.normal(size=s) / 4 for s in ((5, 16), (16, 48), (16, 48), (48, 16))
    )
    split = feed_forward_split(x, gate, up, down, 4)
    print(
        f"feed-forward network on 4 devices differs by {np.abs(split - feed_forward(x, gate, up, down)).max():.1e}"
    )
    for n in (2, 8, 64):
        sums, sent = ring_sum(list(rng.normal(size=(n, 6400))))
        print(f"ring of {n:2d}: each sends {sent:5d} numbers to sum vectors of 6,400")
    q, k, v = (rng.normal(size=(h, 64, 4)) for h in (16, 8, 8))
    print("attention over a text of 64 tokens, 16 and 8 heads of size 4: numbers sent")
    for n in (2, 4, 8):
        ring = 2 * k.size * (n - 1) // n
        print(f"  {n} devices: exchange {exchanged(q, k, v, n)[1]:5d}, ring {ring:5d}")
    print("bytes per parameter on each of 64 devices")
    for stage in range(4):
        print(f"  stage {stage}: {bytes_each(64, stage):5.2f}")
    print("share of the time a pipeline of 8 stages waits")
    for pieces in (1, 8, 32, 128):
        print(f"  {pieces:3d} pieces: {idle(8, pieces):5.1%}")
    print("share of the gain lost by 10, 100 and 500 steps apart, 4 groups")
    for name, differ in (
        ("alike", 0.0),
        ("a little different", 0.2),
        ("different", 1.0),
    ):
        row = "  ".join(f"{lost(differ, steps):7.3%}" for steps in (10, 100, 500))
        print(f"  {name:<18} {row}")
