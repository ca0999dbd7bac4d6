"""Mixtral: where its parameters are, and its layer computed as a fast kernel does,
grouped by expert.
"""

import numpy as np

CONFIG = {
    "layers": 32,
    "width": 4096,
    "heads": 32,
    "kv_heads": 8,
    "head_size": 128,
    "experts": 8,
    "chosen": 2,
    "inner": 14336,
    "vocabulary": 32000,
}


# --8<-- [start:count]
def split(c, experts):
    """Parameters of each part when `experts` experts of a layer count: all that are
    stored, or those of one token.
    """
    queries_and_output = 2 * c["width"] * c["heads"] * c["head_size"]
    keys_and_values = 2 * c["width"] * c["kv_heads"] * c["head_size"]
    return {
        "experts": c["layers"] * experts * 3 * c["width"] * c["inner"],
        "attention": c["layers"] * (queries_and_output + keys_and_values),
        "embedding, output": 2 * c["vocabulary"] * c["width"],
        "routers": c["layers"] * c["width"] * c["experts"],
        "norms": (2 * c["layers"] + 1) * c["width"],
    }


# --8<-- [end:count]


def swiglu(x, gate, up, down):
    hidden = x @ gate
    return (hidden / (1 + np.exp(-hidden)) * (x @ up)) @ down


# --8<-- [start:grouped]
def grouped(x, router, experts, k=2):
    """Sort the assignments by expert, run each expert once on its contiguous rows,
    scatter back.
    """
    logits = x @ router
    chosen = np.argsort(-logits, axis=1)[:, :k]
    top = np.take_along_axis(logits, chosen, axis=1)
    gates = np.exp(top - top.max(1, keepdims=True))
    gates /= gates.sum(1, keepdims=True)

    # assignments, those of expert 0 first
    order = np.argsort(chosen.ravel(), kind="stable")
    token = order // k
    rows, sizes = x[token], np.bincount(chosen.ravel(), minlength=len(experts))
    ends = np.cumsum(sizes)
    done = [
        swiglu(rows[end - n : end], *expert)
        for expert, end, n in zip(experts, ends, sizes, strict=True)
    ]
    out = np.zeros_like(x)
    np.add.at(out, token, np.concatenate(done) * gates.ravel()[order][:, None])
    return out


# --8<-- [end:grouped]


# --8<-- [start:repeats]
def chance_of_repeats(experts, k):
    """How often the next token would share the first, or any, of its
    experts by chance.
    """
    none_in_common = 1.0
    for i in range(k):
        none_in_common *= (experts - k - i) / (experts - i)
    return 1 / experts, 1 - none_in_common


# --8<-- [end:repeats]


if __name__ == "__main__":
    stored, used = split(CONFIG, CONFIG["experts"]), split(CONFIG, CONFIG["chosen"])
    for name, count in stored.items():
        print(f"{name:18s} stored {count:>14,}   used {used[name]:>14,}")
    print(
        f"{'together':18s} stored {sum(stored.values()):>14,}   used {sum(used.values()):>14,}"
    )
    print(
        "the same expert first: {:.1%} by chance, any in common: {:.1%}".format(
            *chance_of_repeats(8, 2)
        )
    )
