"""Adversarial losses, penalties and spectral normalisation with exact gradients; the
smallest games, solved.
"""

import json
import sys
from pathlib import Path

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softplus(x):
    return np.logaddexp(0, x)


# --8<-- [start:losses]
def discriminator_loss(kind, real, fake):
    """The discriminator's loss for scores of n real and n fake samples, and its
    gradients on both.
    """
    n, gap = len(real), real - fake
    if kind == "logistic":  # minimax and non-saturating share it
        return (
            (softplus(-real) + softplus(fake)).mean(),
            -sigmoid(-real) / n,
            sigmoid(fake) / n,
        )
    if kind == "hinge":
        loss = (np.maximum(0, 1 - real) + np.maximum(0, 1 + fake)).mean()
        return (
            loss,
            np.where(real < 1, -1.0, 0.0) / n,
            np.where(fake > -1, 1.0, 0.0) / n,
        )
    if kind == "least squares":
        return 0.5 * ((real - 1) ** 2 + fake**2).mean(), (real - 1) / n, fake / n
    if kind == "Wasserstein":
        return -gap.mean(), np.full(n, -1 / n), np.full(n, 1 / n)
    if kind == "relativistic":  # each fake is judged against its real partner
        return softplus(-gap).mean(), -sigmoid(-gap) / n, sigmoid(-gap) / n
    raise ValueError(kind)


def generator_loss(kind, real, fake):
    """The generator's loss, and its gradient on the scores of its samples."""
    n, gap = len(fake), real - fake
    if kind == "minimax":
        return -softplus(fake).mean(), -sigmoid(fake) / n
    if kind == "non-saturating":
        return softplus(-fake).mean(), -sigmoid(-fake) / n
    if kind == "least squares":
        return 0.5 * ((fake - 1) ** 2).mean(), (fake - 1) / n
    if kind in ("Wasserstein", "hinge"):
        return -fake.mean(), np.full(n, -1 / n)
    if kind == "relativistic":
        return softplus(gap).mean(), -sigmoid(gap) / n
    raise ValueError(kind)


# --8<-- [end:losses]


# --8<-- [start:penalty]
def critic(x, weights):
    """Scores of the rows of x by one hidden layer, and what the gradients need."""
    first, bias, last = weights
    hidden = np.tanh(x @ first + bias)
    return hidden @ last, hidden


def input_gradient(x, weights):
    """The gradient of each score on its own x."""
    first, _, last = weights
    return ((1 - critic(x, weights)[1] ** 2) * last) @ first.T


def penalty(x, weights, target=0.0):
    """Mean of (‖gradient of the score‖ - target)², and its own gradient on the weights.

    target 0 at real samples is R1, at fake ones R2 (usually times gamma/2); target 1 at
    points between is WGAN-GP's.
    """
    first, _, last = weights
    hidden = critic(x, weights)[1]
    slope = 1 - hidden**2
    gradient = (slope * last) @ first.T
    norm = np.linalg.norm(gradient, axis=1, keepdims=True)
    # on the input gradient
    up = 2 * (1 - target / np.maximum(norm, 1e-12)) * gradient / len(x)
    up_scaled = up @ first  # on slope * last
    up_pre = up_scaled * last * -2 * hidden * slope  # on the hidden layer before tanh
    return ((norm - target) ** 2).mean(), (
        up.T @ (slope * last) + x.T @ up_pre,
        up_pre.sum(0),
        (up_scaled * slope).sum(0),
    )


def between(real, fake, rng):
    """WGAN-GP's points: on the lines between pairs."""
    share = rng.uniform(size=(len(real), 1))
    return share * real + (1 - share) * fake


# --8<-- [end:penalty]


# --8<-- [start:difference]
def difference_penalty(x, weights, width, rng):
    """R1 without second derivatives: mean of (score - score nearby)², and its gradient
    on the weights by one ordinary backward pass.

    For a small width this is width² times R1 on average.
    """
    last = weights[2]
    near = x + width * rng.normal(size=x.shape)
    (score, hidden), (nearby, hidden_near) = critic(x, weights), critic(near, weights)
    up = 2 * (score - nearby) / len(x)  # on score; on nearby the negative
    pre = up[:, None] * last * (1 - hidden**2)
    pre_near = -up[:, None] * last * (1 - hidden_near**2)
    return ((score - nearby) ** 2).mean(), (
        x.T @ pre + near.T @ pre_near,
        (pre + pre_near).sum(0),
        hidden.T @ up - hidden_near.T @ up,
    )


# --8<-- [end:difference]


# --8<-- [start:spectral]
def power_iteration(weight, u, rounds=1):
    """Estimate of the largest singular value and its vectors; `u` is kept from step to
    step of the training.
    """
    for _ in range(rounds):
        v = weight.T @ u
        v = v / np.linalg.norm(v)
        u = weight @ v
        u = u / np.linalg.norm(u)
    return u @ weight @ v, u, v


def normalised_gradient(weight, gradient, u, v):
    """The gradient on W of a loss of W/σ(W), from its gradient on the quotient; u and v
    count as constants.
    """
    sigma = u @ weight @ v
    return (gradient - (gradient * weight).sum() / sigma * np.outer(u, v)) / sigma


def convolution_norm(kernel, size):
    """The largest singular value of a circular convolution on size × size images
    (kernel: out × in × k × k).
    """
    matrices = np.fft.fft2(kernel, (size, size)).transpose(2, 3, 0, 1)
    return np.linalg.norm(matrices, ord=2, axis=(-2, -1)).max()


# --8<-- [end:spectral]


# --8<-- [start:dirac]
def field(rule, theta, psi, strength=0.0):
    """Directions in which the players move in the smallest game: data at 0, one fake at
    theta, scores psi x.
    """
    score = theta * psi
    generator, discriminator = psi * sigmoid(score), -theta * sigmoid(score)
    if rule in ("non-saturating", "R1, non-saturating"):
        generator = psi * sigmoid(-score)
    if rule in ("Wasserstein", "WGAN-GP"):
        generator, discriminator = psi, -theta
    if rule in ("R1", "R1, non-saturating"):
        discriminator -= strength * psi  # gamma/2 psi² at the data
    if rule == "R1 and R2":
        discriminator -= 2 * strength * psi  # the score's slope is psi at the fake too
    if rule == "WGAN-GP":
        discriminator -= 2 * strength * (abs(psi) - 1) * np.sign(psi)
    return np.array([generator, discriminator])


def exact_eigenvalues(rule, strength=0.0):
    """Of the linear part at the solution (0, 0): negative real parts converge,
    imaginary parts turn.
    """
    pull = 1.0 if rule == "Wasserstein" else 0.5
    friction = {"R1": 1, "R1, non-saturating": 1, "R1 and R2": 2}.get(
        rule, 0
    ) * strength
    root = np.sqrt(complex(friction**2 - 4 * pull**2))
    return np.array([(-friction + root) / 2, (-friction - root) / 2])


def update(rule, state, rate, how="together", strength=0.0):
    """One step of training."""
    if how == "together":
        return state + rate * field(rule, *state, strength)
    if how == "in turns":
        psi = state[1] + rate * field(rule, *state, strength)[1]
        return np.array(
            [state[0] + rate * field(rule, state[0], psi, strength)[0], psi]
        )
    ahead = state + rate * field(rule, *state, strength)  # "look ahead": extragradient
    return state + rate * field(rule, *ahead, strength)


def exact_multiplier(eigenvalue, rate, how="together"):
    """By how much one step stretches the distance, for a game with eigenvalues ±
    eigenvalue (in turns) or any.
    """
    if how == "together":
        return abs(1 + rate * eigenvalue)
    if how == "look ahead":
        return abs(1 + rate * eigenvalue + (rate * eigenvalue) ** 2)
    return 1.0  # in turns, no friction: the step's determinant is 1 and it turns


# --8<-- [end:dirac]


# --8<-- [start:distance]
def shift_gradients(distance):
    """How fast the generator moves towards the data: unit Gaussians so far apart, a
    perfect critic.

    The critic's score is log p/q = distance²/2 - distance x; the Wasserstein critic
    falls with slope 1.
    """
    x = np.linspace(distance - 10, distance + 10, 4001)
    q = np.exp(-0.5 * (x - distance) ** 2) / np.sqrt(2 * np.pi)
    score, weight = distance**2 / 2 - distance * x, q * (x[1] - x[0])
    return {
        "minimax": distance * (weight * sigmoid(score)).sum(),
        "non-saturating": distance * (weight * sigmoid(-score)).sum(),
        "Wasserstein": 1.0,
    }


# --8<-- [end:distance]


def integrate(rule, start, time, strength=0.0, step=0.01):
    """The continuous game by Runge-Kutta's fourth-order method."""
    state, path = np.array(start, float), [np.array(start, float)]
    for _ in range(round(time / step)):
        a = field(rule, *state, strength)
        b = field(rule, *(state + step / 2 * a), strength)
        c = field(rule, *(state + step / 2 * b), strength)
        d = field(rule, *(state + step * c), strength)
        state = state + step / 6 * (a + 2 * b + 2 * c + d)
        path.append(state)
    return np.array(path)


def measured_eigenvalue(rule, strength=0.0, time=2.0):
    """The first eigenvalue, read off a path of the integrated game that starts close to
    the solution.
    """
    matrix = np.stack(
        [
            (field(rule, *e, strength) - field(rule, *-e, strength)) / 2e-6
            for e in 1e-6 * np.eye(2)
        ],
        1,
    )
    values, left = np.linalg.eig(matrix.T)
    mode = left[:, np.argmin(np.abs(values - exact_eigenvalues(rule, strength)[0]))]
    path = integrate(rule, 1e-3 * np.array([1.0, 0.5]), time, strength)
    return np.log((path[-1] @ mode) / (path[0] @ mode)) / time


# --8<-- [start:modes]
BUMPS, DATA = np.linspace(-2, 2, 7), np.array([-1.0, 1.0])


def bumps(x, width=0.6):
    """Features of the critic, and their slopes."""
    value = np.exp(-((x[..., None] - BUMPS) ** 2) / (2 * width**2))
    return value, -(x[..., None] - BUMPS) / width**2 * value


def two_modes(
    points, speed=1.0, r1=0.0, r2=0.0, kind="non-saturating", steps=4000, rate=0.05
):
    """A generator of two free points (runs × 2) and data at -1 and 1; the critic is
    linear in seven bumps.

    speed: steps of the generator are so many times the critic's. Returns all positions,
    steps × runs × 2.
    """
    weights, offset, path = (
        np.zeros((len(points), 7)),
        np.zeros((len(points), 1)),
        [points],
    )
    real_value, real_slope = bumps(DATA)
    for _ in range(steps):
        value, slope = bumps(points)
        real, fake = (
            weights @ real_value.T + offset,
            (value @ weights[..., None])[..., 0] + offset,
        )
        if kind == "relativistic":  # all pairs
            pair = sigmoid(fake[:, None, :] - real[:, :, None])
            up_real, up_fake, push = (
                pair.mean(2) / 2,
                -pair.mean(1) / 2,
                1 - pair.mean(1),
            )
        else:
            up_real, up_fake, push = (
                sigmoid(-real) / 2,
                -sigmoid(fake) / 2,
                sigmoid(-fake),
            )
        change = up_real @ real_value + (up_fake[:, None] @ value)[:, 0]
        # gamma/2 times the mean of squared slopes
        change -= r1 / 2 * (weights @ real_slope.T) @ real_slope
        fake_slope = slope @ weights[..., None]
        change -= r2 / 2 * (fake_slope * slope).sum(1)
        points = points + speed * rate * push * fake_slope[..., 0]
        weights, offset = (
            weights + rate * change,
            offset + rate * (up_real + up_fake).sum(1, keepdims=True),
        )
        path.append(points)
    return np.array(path)


def covering(path):
    """The share of runs that end with one point at each of the two places, and stay."""
    late = path[-500:]
    return float(
        ((late[..., 0] * late[..., 1] < 0) & (np.abs(np.abs(late) - 1) < 0.25).all(-1))
        .all(0)
        .mean()
    )


# --8<-- [end:modes]

START = np.linspace(-1.5, 1.5, 31)[:, None] + np.array([0.0, 0.1])
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
CURES = {
    "no penalty": {},
    "R1": {"r1": 0.3},
    "R1 and R2": {"r1": 0.3, "r2": 0.3},
    "relativistic": {"kind": "relativistic"},
    "relativistic, R1 and R2": {"r1": 0.3, "r2": 0.3, "kind": "relativistic"},
}
GAMES = (
    ("minimax", 0.0),
    ("non-saturating", 0.0),
    ("Wasserstein", 0.0),
    ("R1", 0.3),
    ("R1", 1.0),
    ("R1 and R2", 0.3),
)


def experiment():
    shares = {
        name: [round(covering(two_modes(START, speed, **cure)), 3) for speed in SPEEDS]
        for name, cure in CURES.items()
    }
    distances = np.arange(0.0, 8.01, 0.25)
    slopes = [shift_gradients(d) for d in distances]
    return {
        "speeds": list(SPEEDS),
        "covering": shares,
        "distances": distances.tolist(),
        "slopes": {
            name: [float(f"{s[name]:.4g}") for s in slopes] for name in slopes[0]
        },
    }


def pictures():
    games = {}
    for rule, strength in (*GAMES, ("WGAN-GP", 0.3)):
        path = integrate(rule, (1.0, 0.5), 40, strength)[::12]
        games[f"{rule} {strength:g}"] = path.round(2).tolist()
    runs = {
        name: two_modes(START[29:30], 4.0, **CURES[name])[::20, 0]
        for name in ("no penalty", "R1 and R2")
    }
    return {
        "games": games,
        "runs": {name: run.round(2).tolist() for name, run in runs.items()},
    }


if __name__ == "__main__":
    stored = Path(__file__).with_suffix(".json")
    if "--data" in sys.argv:
        text = json.dumps(experiment() | pictures()) + "\n"
        stored.write_text(text, encoding="utf-8")
    results = json.loads(stored.read_text(encoding="utf-8"))
    print("smallest game, first eigenvalue    exact              integrated")
    for rule, strength in GAMES:
        exact, seen = (
            exact_eigenvalues(rule, strength)[0],
            complex(measured_eigenvalue(rule, strength)),
        )
        exact, seen = (
            complex(round(z.real, 4) + 0.0, round(z.imag, 4) + 0.0)
            for z in (exact, seen)
        )
        print(f"  {rule:16s} gamma {strength:3.1f}    {exact:+.4f}   {seen:+.4f}")
    print("one step of rate 0.2 without penalty stretches the distance by")
    for how in ("together", "in turns", "look ahead"):
        print(f"  {how:12s} {exact_multiplier(0.5j, 0.2, how):.6f}")
    print("share of starts that cover both modes, by the generator's speed")
    print(" " * 25, *(f"{s:5g}" for s in SPEEDS))
    for name, row in results["covering"].items():
        print(f"  {name:23s}", *(f"{share:5.2f}" for share in row))
    rng = np.random.default_rng(1)
    shapes = ((64, 32), (32,), (32,))
    weights = [rng.normal(size=shape) / np.sqrt(shape[0]) for shape in shapes]
    x = rng.normal(size=(256, 64))
    exact, slopes = penalty(x, weights)
    print("penalty by differences over width² times R1, and cosine of the gradients")
    for width in (0.01, 0.1, 1.0):
        runs = [difference_penalty(x, weights, width, rng) for _ in range(400)]
        share = np.mean([value for value, _ in runs]) / width**2 / exact
        flat = np.concatenate([s.ravel() for s in slopes])
        one = np.concatenate([s.ravel() for s in runs[0][1]])
        cosine = flat @ one / np.linalg.norm(flat) / np.linalg.norm(one)
        print(f"  width {width:4.2f}   {share:6.3f}   {cosine:6.2f}")
    rng = np.random.default_rng(0)
    weight, u = rng.normal(size=(8, 6)), rng.normal(size=8)
    true = np.linalg.svd(weight, compute_uv=False)[0]
    sigmas = [power_iteration(weight, u, rounds)[0] / true for rounds in (1, 5, 25)]
    print(
        "power iteration, share of the true value after 1, 5, 25 rounds:",
        *(f"{s:.4f}" for s in sigmas),
    )
    kernel = rng.normal(size=(8, 4, 3, 3))
    flat = np.linalg.norm(kernel.reshape(8, -1), ord=2)
    print(
        f"a 3 × 3 convolution: norm of the flat kernel {flat:.2f}, of the map {convolution_norm(kernel, 16):.2f}"
    )
