"""Language objectives in NumPy: how a text is cut into what is read and what is
written, and under which mask.
"""

import numpy as np

PRE, SUF, MID, END = 100, 101, 102, 103


# --8<-- [start:fim]
def fill_in_the_middle(tokens, start, stop, order="PSM"):
    """Move the middle to the end, so that a causal model learns to write it with both
    sides in view.

    PSM: prefix, suffix, middle. SPM: suffix first, so that the prefix runs into the
    middle and stays one text.
    """
    prefix, middle, suffix = tokens[:start], tokens[start:stop], tokens[stop:]
    if order == "PSM":
        return np.concatenate([[PRE], prefix, [SUF], suffix, [MID], middle, [END]])
    return np.concatenate([[PRE, SUF], suffix, [MID], prefix, middle, [END]])


def put_back(tokens):
    """The text that a PSM sequence came from."""
    suf, mid = (int(np.flatnonzero(tokens == sign)[0]) for sign in (SUF, MID))
    return np.concatenate([tokens[1:suf], tokens[mid + 1 : -1], tokens[suf + 1 : mid]])


# --8<-- [end:fim]


# --8<-- [start:others]
def prefix_objective(tokens, cut):
    """Prefix language modelling: the first `cut` tokens are read in full, loss is on
    the rest.
    """
    mask = np.tri(len(tokens), dtype=bool)
    mask[:cut, :cut] = True
    return mask, np.arange(1, len(tokens) + 1) > cut - 1


def replaced(tokens, guesses, chosen):
    """ELECTRA: a small generator's guesses are put at the chosen places; every place is
    judged "original?".
    """
    shown = np.where(chosen, guesses, tokens)
    return shown, shown == tokens


def several_ahead(tokens, ahead):
    """Multi-token prediction: position t is scored on the next `ahead` tokens; T -
    ahead rows.
    """
    return np.lib.stride_tricks.sliding_window_view(tokens[1:], ahead)


# --8<-- [end:others]


# --8<-- [start:mixture]
def denoiser(tokens, kind, rng):
    """One of UL2's three: spans (start, length) to hide. Short and few, long or many,
    or the whole end.
    """
    length = len(tokens)
    if kind == "sequential":
        return [(length // 2, length - length // 2)]
    span, share = (3, 0.15) if kind == "regular" else (12, 0.5)
    slots = np.arange(1, length - span, span + 1)
    wanted = max(1, round(share * length / span))
    starts = np.sort(rng.choice(slots, size=min(wanted, len(slots)), replace=False))
    return [(int(start), span) for start in starts]


# --8<-- [end:mixture]


# --8<-- [start:pieces]
def loss_in_pieces(hidden, weight, targets, size):
    """Mean cross-entropy of `hidden @ weight.T`, and both gradients, with the logits of
    `size` tokens at a time; the softmax turns into the gradient on the spot.
    """
    count = len(targets)
    loss, to_hidden, to_weight = 0.0, np.zeros_like(hidden), np.zeros_like(weight)
    for start in range(0, count, size):
        h, t = hidden[start : start + size], targets[start : start + size]
        logits = h @ weight.T
        logits -= logits.max(axis=1, keepdims=True)
        rows = np.arange(len(t))
        chosen = logits[rows, t]
        np.exp(logits, out=logits)
        total = logits.sum(axis=1)
        loss += np.sum(np.log(total) - chosen) / count
        logits /= total[:, None]
        logits[rows, t] -= 1
        to_hidden[start : start + size] = logits @ weight / count
        to_weight += logits.T @ h / count
    return loss, to_hidden, to_weight


# --8<-- [end:pieces]

if __name__ == "__main__":
    words = np.array(["def", "add", "(a,b):", "return", "a", "+", "b"])
    tokens = np.arange(7)
    names = {
        **dict(enumerate(words)),
        PRE: "<PRE>",
        SUF: "<SUF>",
        MID: "<MID>",
        END: "<END>",
    }

    def spell(numbers):
        return " ".join(names[int(n)] for n in numbers)

    for order in ("PSM", "SPM"):
        print(f"{order}: {spell(fill_in_the_middle(tokens, 3, 5, order))}")
    mask, loss = prefix_objective(tokens, 3)
    print(
        f"\nprefix of 3 words: {mask.sum()} pairs read, loss on {loss[:-1].sum()} of 6 predictions"
    )
    shown, original = replaced(
        tokens, np.full(7, 5), np.array([0, 1, 0, 0, 1, 0, 0], dtype=bool)
    )
    print(
        f"replaced:   {spell(shown)}\noriginal?   {' '.join('yes' if o else 'NO' for o in original)}"
    )
    print("\ntwo ahead: ", "; ".join(spell(row) for row in several_ahead(tokens, 2)))
    print("\nUL2's denoisers over 100 tokens")
    for kind in ("regular", "extreme", "sequential"):
        spans = denoiser(np.arange(100), kind, np.random.default_rng(0))
        print(f"  {kind:<11}{len(spans)} spans, {sum(n for _, n in spans)}% hidden")
    rng = np.random.default_rng(1)
    hidden, weight = rng.normal(size=(512, 16)), rng.normal(size=(4000, 16)) / 4
    targets = rng.integers(4000, size=512)
    whole = loss_in_pieces(hidden, weight, targets, 512)
    print("\nloss of 512 tokens over 4,000, by tokens at a time")
    for size in (512, 64, 8):
        found = loss_in_pieces(hidden, weight, targets, size)
        apart = max(
            np.abs(a - b).max() for a, b in zip(found[1:], whole[1:], strict=True)
        )
        print(
            f"  {size:3d}: {found[0]:.6f}, {size * 4000:9,} logits stored,",
            f"gradients equal to 1e-12: {apart < 1e-12}",
        )
