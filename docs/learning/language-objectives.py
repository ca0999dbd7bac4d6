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
