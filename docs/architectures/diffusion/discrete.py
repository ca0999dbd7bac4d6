"""Discrete diffusion on a distribution small enough to enumerate: no sampling, every
number is exact.
"""

import json
import sys
from itertools import pairwise, product
from math import erf
from pathlib import Path

import numpy as np

VOCABULARY, LENGTH = 3, 4
SEQUENCES = np.array(list(product(range(VOCABULARY), repeat=LENGTH)))


def language(seed=3):
    """A distribution over all sequences with strong dependencies: a few are likely,
    most are rare.
    """
    weight = np.random.default_rng(seed).gamma(0.15, size=len(SEQUENCES))
    return weight / weight.sum()


# --8<-- [start:forward]
def transition(kept, kind):
    """Where one token goes, `[from, to]`, if with probability `kept` it is left alone.

    "uniform": otherwise it becomes any token. "absorbing": otherwise it becomes the
    mask, a further state.
    """
    if kind == "uniform":
        return kept * np.eye(VOCABULARY) + (1 - kept) / VOCABULARY
    matrix = kept * np.eye(VOCABULARY + 1)
    matrix[:, -1] += 1 - kept
    return matrix


def posterior(now, x0, kept_before, kept_now, kind):
    """q(x_s | x_t, x_0) of one token, by Bayes' rule: from the data forward to s, times
    from s forward to t.
    """
    to_before = transition(kept_before, kind)[x0]
    onward = transition(kept_now / kept_before, kind)[:, now]
    both = to_before * onward
    return both / both.sum()


# --8<-- [end:forward]


# --8<-- [start:reverse]
def predict(state, kept, kind, data):
    """p(x_0 at each place | the whole noisy sequence), `[LENGTH, VOCABULARY]`: what a
    perfect network learns.
    """
    matrix = transition(kept, kind)
    likelihood = np.prod(
        [matrix[SEQUENCES[:, i], token] for i, token in enumerate(state)], axis=0
    )
    joint = data * likelihood
    if joint.sum() == 0:  # a state that no data lead to
        joint = likelihood
    marginals = np.array(
        [np.bincount(SEQUENCES[:, i], joint, VOCABULARY) for i in range(LENGTH)]
    )
    return marginals / joint.sum()


def reverse_step(state, kept_before, kept_now, kind, data):
    """p(x_s at each place | x_t): posteriors averaged over the predicted tokens, *each
    place for itself*.
    """
    predicted = predict(state, kept_now, kind, data)
    return np.array(
        [
            sum(
                p * posterior(token, v, kept_before, kept_now, kind)
                for v, p in enumerate(row)
                if p > 0
            )
            for token, row in zip(state, predicted, strict=True)
        ]
    )


def sampled(steps, kind, data, step=reverse_step):
    """The exact distribution of what the sampler returns after so many parallel steps,
    over `SEQUENCES`.
    """
    symbols = VOCABULARY + (kind == "absorbing")
    states = list(product(range(symbols), repeat=LENGTH))
    if kind == "uniform":
        mass = np.full(len(states), 1 / len(states))
    else:
        mass = np.array(
            [float(all(token == VOCABULARY for token in state)) for state in states]
        )
    # Near pure noise "kept" is not quite 0, so that Bayes' rule has something to divide
    # by.
    for now, before in pairwise(np.linspace(1e-4, 1, steps + 1)):
        after = np.zeros_like(mass)
        for state, probability in zip(states, mass, strict=True):
            if probability > 0:
                each = step(state, before, now, kind, data)
                joint = each[0]
                for row in each[1:]:  # independent given x_t: this is the approximation
                    joint = np.multiply.outer(joint, row)
                after += probability * joint.reshape(-1)
        mass = after
    lookup = dict(zip(states, mass, strict=True))
    return np.array([lookup[tuple(sequence)] for sequence in SEQUENCES.tolist()])


# --8<-- [end:reverse]


# --8<-- [start:leave-one-out]
def without_own(predicted, state, kept):
    """p(x_0 at each place | all *other* noisy tokens), from the prediction that has
    seen its own token as well.
    """
    # what the own token said
    seen = np.stack([transition(kept, "uniform")[:, token] for token in state])
    others = predicted / seen
    return others / others.sum(1, keepdims=True)


def bridge(expected, now, kept_before, kept_now):
    """`posterior` of uniform noise with a distribution over x_0 put where its formula
    has the one true token.
    """
    both = (expected @ transition(kept_before, "uniform")) * transition(
        kept_now / kept_before, "uniform"
    )[:, now]
    return both / both.sum()


def bridge_step(state, kept_before, kept_now, kind, data):
    """A mistake: the prediction itself goes into the bridge. It should have been
    `without_own` of it.
    """
    predicted = predict(state, kept_now, kind, data)
    return np.array(
        [
            bridge(row, v, kept_before, kept_now)
            for row, v in zip(predicted, state, strict=True)
        ]
    )


# --8<-- [end:leave-one-out]


# --8<-- [start:argmax]
def kept_by_argmax(ratio, vocabulary):
    """The `kept` of uniform noise that results if a one-hot vector, `ratio` times as
    large as the Gaussian noise on it, is read by its largest entry.
    """
    own = np.linspace(-10, 10, 4001)  # the noise on the true token's entry
    chance = np.exp(-(own**2) / 2)
    below = np.array([0.5 * (1 + erf((u + ratio) / np.sqrt(2))) for u in own])
    stays = (chance * below ** (vocabulary - 1)).sum() / chance.sum()
    return (vocabulary * stays - 1) / (vocabulary - 1)


def ratio_for(kept, vocabulary):
    """The inverse, by halving."""
    low, high = 0.0, 20.0
    for _ in range(50):
        middle = (low + high) / 2
        too_low = kept_by_argmax(middle, vocabulary) < kept
        low, high = (middle, high) if too_low else (low, middle)
    return middle


# --8<-- [end:argmax]


# --8<-- [start:loss]
def masked_bound(data):
    """The loss of masked diffusion in nats a sequence, with exact predictions.

    In continuous time it is a mixture of masked-language-model losses: for every number
    k of masks, the mean loss of a masked place, times LENGTH / k x k / LENGTH for its
    share and weight; the schedule has dropped out.
    """
    total = 0.0
    for hidden in product((False, True), repeat=LENGTH):
        k = sum(hidden)
        if not k:
            continue
        # masks of k places are equally likely, k is uniform on 1 .. LENGTH, a masked
        # place weighs LENGTH / k
        share = 1 / (
            LENGTH * len([m for m in product((0, 1), repeat=LENGTH) if sum(m) == k])
        )
        for sequence, probability in zip(SEQUENCES, data, strict=True):
            state = [
                VOCABULARY if h else token
                for h, token in zip(hidden, sequence, strict=True)
            ]
            rows = predict(state, 0.5, "absorbing", data)
            losses = [
                -np.log(rows[i][sequence[i]])
                for i in range(LENGTH)
                if hidden[i] and probability > 0
            ]
            total += share * probability * sum(losses) * LENGTH / k
    return total


def ratio(state, place, token, kept, data):
    """The concrete score p_t(other) / p_t(state), where `other` has `token` instead of
    the mask at `place`.
    """
    matrix = transition(kept, "absorbing")

    def density(x):
        return (
            data
            * np.prod([matrix[SEQUENCES[:, i], v] for i, v in enumerate(x)], axis=0)
        ).sum()

    other = [token if i == place else v for i, v in enumerate(state)]
    return density(other) / density(state)


# --8<-- [end:loss]


def one_by_one(data):
    """Filling one random place at a time: an any-order autoregressive model, here from
    left to right.
    """
    result = np.zeros(len(SEQUENCES))
    for index, sequence in enumerate(SEQUENCES):
        state, probability = [VOCABULARY] * LENGTH, 1.0
        for place, token in enumerate(sequence):
            probability *= predict(state, 0.5, "absorbing", data)[place][token]
            state[place] = int(token)
            if probability == 0:
                break
        result[index] = probability
    return result


def film(kind, count=6, steps=6, seed=7):
    """States of some runs of the sampler, `[steps + 1, count, LENGTH]`; the mask is the
    token VOCABULARY.
    """
    rng, data = np.random.default_rng(seed), language()
    noise = rng.integers(VOCABULARY, size=(count, LENGTH))
    states = [np.full((count, LENGTH), VOCABULARY) if kind == "absorbing" else noise]
    for now, before in pairwise(np.linspace(1e-4, 1, steps + 1)):
        rows = [reverse_step(state, before, now, kind, data) for state in states[-1]]
        chosen = [[rng.choice(len(p), p=p / p.sum()) for p in row] for row in rows]
        states.append(np.array(chosen))
    return np.array(states)


STEPS = (1, 2, 4, 8, 16, 32)


def total_variation(p, q):
    return float(0.5 * np.abs(p - q).sum())


def experiment():
    data = language()
    rows = {
        kind: [round(total_variation(sampled(n, kind, data), data), 4) for n in STEPS]
        for kind in ("absorbing", "uniform")
    }
    bridged = [
        round(total_variation(sampled(n, "uniform", data, bridge_step), data), 4)
        for n in STEPS
    ]
    levels = (0.9, 0.5, 0.1)
    matrices = {
        kind: [transition(kept, kind).round(3).tolist() for kept in levels]
        for kind in rows
    }
    films = {kind: film(kind).tolist() for kind in rows}
    rows["uniform, bridge"] = bridged
    return {
        "steps": list(STEPS),
        "distance": rows,
        "kept": list(levels),
        "transition": matrices,
        "film": films,
    }


if __name__ == "__main__":
    data, results = language(), experiment()
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(results) + "\n", encoding="utf-8"
        )
    print("total variation from the truth, by parallel steps")
    print("                 " + "".join(f"{n:8d}" for n in STEPS))
    for kind, row in results["distance"].items():
        print(f"  {kind:15s}" + "".join(f"{d:8.3f}" for d in row))
    print(
        f"  one place at a time, 4 steps: {total_variation(one_by_one(data), data):.3f}"
    )
    entropy = -(data[data > 0] * np.log(data[data > 0])).sum()
    print(
        f"entropy of the data {entropy:.4f} nats, loss of masked diffusion {masked_bound(data):.4f}"
    )
    state = [0, VOCABULARY, 1, VOCABULARY]
    predicted = predict(state, 0.3, "absorbing", data)[1]
    ratios = np.array([ratio(state, 1, v, 0.3, data) for v in range(VOCABULARY)])
    print(
        "signal to noise of the Gaussian underneath, for tokens kept with probability"
    )
    print("                 " + "".join(f"{kept:8.2f}" for kept in (0.99, 0.5, 0.01)))
    for size in (27, 50_257):
        row = [ratio_for(kept, size) for kept in (0.99, 0.5, 0.01)]
        print(f"  {size:6d} tokens  " + "".join(f"{r:8.2f}" for r in row))
    print(
        f"ratios {ratios.round(4)}, predictions x 0.3 / 0.7 {(predicted * 0.3 / 0.7).round(4)}"
    )
