"""A mixture-of-experts layer in NumPy: routing, experts, the balance loss, and how many
experts a batch touches.
"""

import numpy as np


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


# --8<-- [start:layer]
def route(x, router, k):
    """Choose k experts for each token. x: T × d, router: d × E. Returns indices and
    weights, both T × k.
    """
    logits = x @ router
    chosen = np.argsort(-logits, axis=1)[:, :k]
    # over the chosen ones only, as Mixtral does
    weights = softmax(np.take_along_axis(logits, chosen, axis=1))
    return chosen, weights


def swiglu(x, gate, up, down):
    """One expert: a gated feed-forward network. gate, up: d × d_ff, down: d_ff × d."""
    hidden = x @ gate
    return (hidden / (1 + np.exp(-hidden)) * (x @ up)) @ down


def mixture(x, router, experts, k):
    """Every token goes through its k experts; the outputs are added with the router's
    weights.
    """
    chosen, weights = route(x, router, k)
    out = np.zeros_like(x)
    for index, expert in enumerate(experts):
        token, slot = np.nonzero(chosen == index)
        out[token] += weights[token, slot, None] * swiglu(x[token], *expert)
    return out


# --8<-- [end:layer]


# --8<-- [start:balance]
def balance_loss(x, router, k):
    """E times the sum over experts of (share of assignments) × (mean probability): 1
    when both are even.
    """
    probabilities = softmax(x @ router)
    chosen, _ = route(x, router, k)
    count = router.shape[1]
    share = np.bincount(chosen.ravel(), minlength=count) / chosen.size
    return count * (share * probabilities.mean(0)).sum()


def experts_touched(count, k, tokens):
    """Expected number of different experts a batch uses when tokens choose k of them
    evenly and independently.
    """
    return count * (1 - (1 - k / count) ** tokens)


# --8<-- [end:balance]


def example(tokens=64, width=16, inner=32, count=8, seed=0):
    rng = np.random.default_rng(seed)
    x, router = (
        rng.normal(size=(tokens, width)),
        rng.normal(size=(width, count)) / np.sqrt(width),
    )
    shapes = ((width, inner), (width, inner), (inner, width))
    experts = [
        tuple(rng.normal(size=s) / np.sqrt(s[0]) for s in shapes) for _ in range(count)
    ]
    return x, router, experts


if __name__ == "__main__":
    x, router, experts = example()
    chosen, weights = route(x, router, 2)
    print(
        "first token: experts",
        chosen[0].tolist(),
        "with weights",
        weights[0].round(3).tolist(),
    )
    print("tokens for each expert", np.bincount(chosen.ravel(), minlength=8).tolist())
    one_sided = router + 3.0 * (np.arange(8) == 0)
    print(
        f"balance loss {balance_loss(x, router, 2):.3f}, one-sided router {balance_loss(np.abs(x), one_sided, 2):.3f}"
    )
    for count, k in ((8, 2), (128, 8), (256, 8)):
        touched = [f"{experts_touched(count, k, t):.1f}" for t in (1, 8, 32, 128)]
        print(
            f"{count} experts, {k} chosen: a batch of 1, 8, 32, 128 touches {', '.join(touched)}"
        )
