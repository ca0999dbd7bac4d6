"""Adversarial networks where everything can be computed: the best discriminator and
the dynamics.
"""

import json
import sys
from pathlib import Path

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# --8<-- [start:losses]
def discriminator_loss(real, fake):
    """Cross-entropy of telling real from fake, from the discriminator's scores
    (logits).
    """
    return np.mean(np.logaddexp(0, -real)) + np.mean(np.logaddexp(0, fake))


def saturating(fake):
    """The generator's loss in the minimax game, and its derivative with respect to the
    score.
    """
    return -np.logaddexp(0, fake), -sigmoid(fake)


def non_saturating(fake):
    """The loss used in its place: the derivative stays large where the discriminator is
    sure of a fake.
    """
    return np.logaddexp(0, -fake), -sigmoid(-fake)


def optimal_discriminator(p_data, p_model):
    """The best probability of "real" at each point, for known densities."""
    return p_data / (p_data + p_model)


def game_value(p_data, p_model):
    """The generator's loss against it: -log 4 + 2 × Jensen-Shannon divergence
    (densities on a grid, summing to 1).
    """
    d = optimal_discriminator(p_data, p_model)
    return np.sum(p_data * np.log(d)) + np.sum(p_model * np.log(1 - d))


def apart_at_least(loss):
    """A lower bound on the Jensen-Shannon divergence (at most log 2) from the loss of
    *any* discriminator on items that it was not trained on.
    """
    return np.maximum(np.log(4) - loss, 0) / 2


# --8<-- [end:losses]


# --8<-- [start:dynamics]
def play(
    steps=600,
    rate=0.2,
    penalty=0.0,
    alternate=False,
    start=(1.0, 0.5),
    generator=non_saturating,
):
    """The smallest game there is: data at 0, one generated point theta, a discriminator
    D(x) = psi x.

    penalty: weight of the gradient penalty on real data (R1), psi²/2. Returns the path
    of (theta, psi).
    """
    theta, psi = start
    path = [(theta, psi)]
    for _ in range(steps):
        score = theta * psi
        # The discriminator climbs -log(1 + e^score), its penalty pulls psi to 0; the
        # generator follows its loss.
        psi_step = -sigmoid(score) * theta - penalty * psi
        theta_step = -generator(score)[1] * psi
        if alternate:
            psi += rate * psi_step
            theta += rate * -generator(theta * psi)[1] * psi
        else:
            theta, psi = theta + rate * theta_step, psi + rate * psi_step
        path.append((theta, psi))
    return np.array(path)


# --8<-- [end:dynamics]


CASES = {
    "minimax, simultaneous": {"generator": saturating},
    "minimax, alternating": {"generator": saturating, "alternate": True},
    "non-saturating": {"alternate": True},
    "with gradient penalty": {"alternate": True, "penalty": 0.3},
}


def experiment():
    return {
        name: play(**settings).round(3).tolist() for name, settings in CASES.items()
    }


if __name__ == "__main__":
    paths = experiment()
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(paths) + "\n", encoding="utf-8"
        )
    print("distance from the solution    start   100 steps   600 steps")
    for name, path in paths.items():
        distance = np.linalg.norm(path, axis=1)
        print(
            f"{name:26s} {distance[0]:8.2f} {distance[100]:11.2f} {distance[600]:11.2f}"
        )
    print("derivative of the generator's loss at scores -6, 0, 6")
    for name, loss in (("saturating", saturating), ("non-saturating", non_saturating)):
        print(f"  {name:16s}", np.round(loss(np.array([-6.0, 0.0, 6.0]))[1], 3))
    print("discriminator's loss: share of the largest divergence that is proved")
    for loss in (np.log(4), 1.0, 0.5, 0.1):
        print(f"  {loss:5.2f} {apart_at_least(loss) / np.log(2):8.0%}")
