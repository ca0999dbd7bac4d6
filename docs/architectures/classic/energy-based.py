"""Energies in one and two dimensions: Langevin chains, checked exactly, and what short
chains do to learning.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:energy]
def energy(x):
    """Three wells on a ring: 3 (|x|² - 1)² plus a third of the circle's symmetry. x is
    n × 2.
    """
    r2 = (x**2).sum(1)
    return 3 * (r2 - 1) ** 2 + 1.2 * (x[:, 0] ** 3 - 3 * x[:, 0] * x[:, 1] ** 2)


def slope(x):
    """The energy's gradient; minus it is the score of exp(-energy)/Z, whatever Z is."""
    r2 = (x**2).sum(1, keepdims=True)
    cubic = np.stack([3 * x[:, 0] ** 2 - 3 * x[:, 1] ** 2, -6 * x[:, 0] * x[:, 1]], 1)
    return 12 * (r2 - 1) * x + 1.2 * cubic


# --8<-- [end:energy]


# --8<-- [start:langevin]
def langevin(x, slope, step, count, rng, noise=1.0):
    """Downhill, plus noise of variance 2 step: unadjusted Langevin. `noise` below 1 is
    a lower temperature.
    """
    for _ in range(count):
        x = x - step * slope(x) + noise * np.sqrt(2 * step) * rng.normal(size=x.shape)
    return x


def log_proposal(there, here, slope, step):
    """log of the density of stepping from `here` to `there`, up to a constant."""
    return -((there - here + step * slope(here)) ** 2).sum(-1) / (4 * step)


def acceptance(there, here, energy, slope, step):
    """log of the chance to accept a proposal, so that exp(-energy) is left as it is,
    exactly.
    """
    forth, back = (
        log_proposal(there, here, slope, step),
        log_proposal(here, there, slope, step),
    )
    return np.minimum(0, energy(here) - energy(there) + back - forth)


def adjusted(x, energy, slope, step, count, rng):
    """Langevin with Metropolis' correction (MALA)."""
    for _ in range(count):
        there = x - step * slope(x) + np.sqrt(2 * step) * rng.normal(size=x.shape)
        accept = np.log(rng.uniform(size=len(x))) < acceptance(
            there, x, energy, slope, step
        )
        x = np.where(accept[:, None], there, x)
    return x


# --8<-- [end:langevin]


# --8<-- [start:wells]
GRID = np.linspace(-1.9, 1.9, 191)
TRUE_TILT = 0.7


def double_well(x, barrier, tilt=0.0):
    """Two wells at -1 and 1 with a barrier between; the tilt favours one."""
    return barrier * (x**2 - 1) ** 2 - tilt * x


def density(barrier, tilt=0.0):
    """exp(-energy)/Z on the grid, summing to 1."""
    e = double_well(GRID, barrier, tilt)
    p = np.exp(-(e - e.min()))
    return p / p.sum()


def chain(barrier, tilt, step):
    """The whole transition matrix of adjusted Langevin on the grid: rows are where
    from, columns where to.
    """

    def down(x):
        return 4 * barrier * x * (x**2 - 1) - tilt

    e, gap = (
        double_well(GRID, barrier, tilt),
        GRID[None, :] - GRID[:, None] + step * down(GRID)[:, None],
    )
    proposal = np.exp(-(gap**2) / (4 * step))
    proposal /= proposal.sum(1, keepdims=True)
    ratio = (
        np.exp(np.clip(e[:, None] - e[None, :], -600, 600))
        * proposal.T
        / np.maximum(proposal, 1e-300)
    )
    matrix = proposal * np.minimum(1, ratio)
    return matrix + np.diag(1 - matrix.sum(1))


# --8<-- [end:wells]


# --8<-- [start:hopfield]
def settle(patterns, signs, rng, sweeps=20):
    """Hopfield, 1982: the patterns make the weights; one sign after another takes the
    side that lowers the energy.
    """
    weights = patterns.T @ patterns / patterns.shape[1]
    np.fill_diagonal(weights, 0)
    signs = signs.copy()
    for unit in np.concatenate([rng.permutation(len(signs)) for _ in range(sweeps)]):
        signs[unit] = 1 if weights[unit] @ signs >= 0 else -1
    return signs


def memory_energy(q, patterns, beta=1.0):
    """Its successor of 2020, for a state of any real numbers."""
    return (q @ q) / 2 - np.logaddexp.reduce(beta * patterns @ q) / beta


def recall(q, patterns, beta=1.0):
    """One step of size 1 down that energy: attention from q over the patterns."""
    scores = beta * patterns @ q
    weights = np.exp(scores - scores.max())
    return weights / weights.sum() @ patterns


# --8<-- [end:hopfield]


# --8<-- [start:rbm]
def free_energy(v, w, b, c):
    """Of the visible units of a restricted Boltzmann machine; the hidden ones are
    summed over.
    """
    return -v @ b - np.logaddexp(0, v @ w + c).sum(-1)


def block_step(v, w, b, c, rng):
    """All hidden units at once, then all visible ones: one step of the chain."""
    h = rng.uniform(size=(len(v), len(c))) < 1 / (1 + np.exp(-(v @ w + c)))
    return 1.0 * (rng.uniform(size=v.shape) < 1 / (1 + np.exp(-(h @ w.T + b))))


# --8<-- [end:rbm]


def recalled(count, signs=100, wrong=20, trials=20):
    """Share of right signs after recall from a cue with some signs wrong, by the old
    network and by one step of the new.
    """
    rng = np.random.default_rng(4)
    patterns = rng.choice([-1.0, 1.0], size=(count, signs))
    old, new = [], []
    for pattern in patterns[:trials]:
        cue = pattern.copy()
        cue[rng.choice(signs, wrong, replace=False)] *= -1
        old.append((settle(patterns, cue, rng) == pattern).mean())
        new.append((np.sign(recall(cue, patterns)) == pattern).mean())
    return np.mean(old), np.mean(new)


# --8<-- [start:sequences]
def conditionals(energies):
    """Next-token distributions of p(y) = exp(-energy(y)) / Z over sequences, from the
    energies of all of them (vocabulary on each axis), by looking ahead from the end.

    One array for each position; the last value is log Z.
    """
    value, steps = -energies, []
    while value.ndim:
        ahead = np.logaddexp.reduce(value, axis=-1)  # log of what may still follow
        steps.insert(0, np.exp(value - ahead[..., None]))
        value = ahead
    return steps, float(value)


def energies_of(steps):
    """Back again: the energy of each sequence, from the next-token distributions."""
    total = np.zeros(())
    for step in steps:
        total = total[..., None] - np.log(step)
    return total


# --8<-- [end:sequences]


# --8<-- [start:learning]
def likelihood_gradient(data, barrier, tilt):
    """d/d tilt of the mean log-likelihood: mean of x over the data minus mean of x
    under the model.
    """
    return data @ GRID - density(barrier, tilt) @ GRID


def contrastive_gradient(data, barrier, tilt, steps, step):
    """Contrastive divergence: the second mean is taken after a few steps of the chain,
    started at the data.
    """
    moved = data @ np.linalg.matrix_power(chain(barrier, tilt, step), steps)
    return data @ GRID - moved @ GRID


def score_matching_loss(data, barrier, tilt):
    """Hyvärinen's: mean of slope²/2 minus curvature; needs no chain and no Z."""
    down = 4 * barrier * GRID * (GRID**2 - 1) - tilt
    curvature = 4 * barrier * (3 * GRID**2 - 1)
    return data @ (down**2 / 2 - curvature)


def learn(kind, barrier=4.0, updates=300, rate=0.2, steps=10, step=0.005):
    """The tilt after each update, with distributions in place of samples: the true
    gradient, CD, persistent chains.
    """
    data, tilt, path = density(barrier, TRUE_TILT), 0.0, [0.0]
    chains = data
    for _ in range(updates):
        if kind == "likelihood":
            chains = density(barrier, tilt)
        else:
            # persistent chains go on from where they were
            start = data if kind == "contrastive" else chains
            chains = start @ np.linalg.matrix_power(chain(barrier, tilt, step), steps)
        tilt += rate * (data - chains) @ GRID
        path.append(float(tilt))
    return path


# --8<-- [end:learning]


def shares(x):
    """The part of the points in each of the three wells (at 60°, 180°, 300°)."""
    well = np.floor(np.degrees(np.arctan2(x[:, 1], x[:, 0])) % 360 / 120).astype(int)
    return np.bincount(well, minlength=3) / len(x)


def slowest(barrier, step=0.005):
    """Steps for the slowest deviation to shrink by a factor e: from the chain's second
    eigenvalue, exactly.
    """
    matrix, p = chain(barrier, 0.0, step), density(barrier)
    symmetric = np.sqrt(p)[:, None] * matrix / np.sqrt(p)[None, :]
    return float(-1 / np.log(np.linalg.eigvalsh((symmetric + symmetric.T) / 2)[-2]))


STEPS = (1, 10, 100, 1000, 10_000)
BARRIERS = (1.0, 2.0, 4.0, 6.0)


def experiment():
    learning = {}
    for barrier in BARRIERS:
        data = density(barrier, TRUE_TILT)
        full = likelihood_gradient(data, barrier, 0.0)
        row = [contrastive_gradient(data, barrier, 0.0, n, 0.005) / full for n in STEPS]
        learning[f"{barrier:g}"] = [round(float(share), 4) for share in row]
    learned = {
        kind: [round(x, 3) for x in learn(kind)[::5]]
        for kind in ("likelihood", "contrastive", "persistent")
    }
    barriers = [0.5 * i for i in range(1, 15)]
    return {
        "steps": list(STEPS),
        "share": learning,
        "learned": learned,
        "mixing": [[b, float(f"{slowest(b):.4g}")] for b in barriers],
    }


def pictures():
    rng = np.random.default_rng(3)
    x, path = np.array([[0.2, 0.1]]), []
    for _ in range(400):
        path.append(x[0].round(2).tolist())
        x = langevin(x, slope, 0.01, 2, rng)
    axis = np.linspace(-1.5, 1.5, 25)
    grid = np.stack(np.meshgrid(axis, axis[::-1]), -1).reshape(-1, 2)
    p = np.exp(-energy(grid) + energy(grid).min()).reshape(25, 25)
    cloud = langevin(rng.uniform(-1.5, 1.5, size=(250, 2)), slope, 0.01, 1500, rng)
    return {
        "density": p.round(3).tolist(),
        "path": path,
        "cloud": cloud.round(2).tolist(),
    }


if __name__ == "__main__":
    results = experiment()
    if "--data" in sys.argv:
        text = json.dumps(results | pictures()) + "\n"
        Path(__file__).with_suffix(".json").write_text(text, encoding="utf-8")
    rng = np.random.default_rng(0)
    start = rng.uniform(-1.5, 1.5, size=(4000, 2))
    print("identities of exp(-energy): mean of slope 0, mean of x · slope 2")
    for name, x in (
        ("unadjusted, step 0.03", langevin(start, slope, 0.03, 1500, rng)),
        ("unadjusted, step 0.01", langevin(start, slope, 0.01, 1500, rng)),
        ("adjusted, step 0.03", adjusted(start, energy, slope, 0.03, 1500, rng)),
    ):
        virial = (x * slope(x)).sum(1).mean()
        print(f"  {name:22s} x · slope {virial:.2f}, wells {np.round(shares(x), 2)}")
    print(
        "steps to forget the well it started in, by barrier:",
        *(f"{b:g}: {slowest(b):,.0f} " for b in BARRIERS),
    )
    print(
        "contrastive divergence: share of the tilt's gradient after steps",
        *STEPS,
    )
    for barrier, row in results["share"].items():
        print(f"  barrier {barrier}: ", *(f"{share:5.2f}" for share in row))
    print("recall of 100 signs, 20 of them wrong, by the number of stored patterns")
    for count in (5, 10, 15, 20, 50, 5000):
        old, new = recalled(count)
        print(f"  {count:>5}: 1982 {old:.2f}, one step of 2020 {new:.2f}")
    energies = rng.normal(size=(4, 4, 4, 4, 4))
    steps, total = conditionals(energies)
    apart = np.abs(energies_of(steps) - energies - total).max()
    greedy = np.exp(-energies[..., 0, 0, 0, 0])  # judged without looking ahead
    print("sequences of 5 from 4 tokens: energies - energies of the chain, largest")
    print(f"  {apart:.0e}; first token by looking ahead {np.round(steps[0], 2)},")
    print(f"  by one continuation {np.round(greedy / greedy.sum(), 2)}")
    eta, sigma = 10.0, 0.005
    print(f"steps of 10 with noise 0.005: temperature {sigma**2 / (2 * eta):.2e}")
