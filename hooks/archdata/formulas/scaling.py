"""Loss laws of training: what size and how many tokens a budget should buy, by fits that papers have published."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class LossLaw:
    """L(N, D) = E + A / N^alpha + B / D^beta in nats a token, with C = 6 N D operations of training.

    Source of the form: Hoffmann et al., arXiv 2203.15556, section 3.3.
    """

    e: float
    """The floor that no size and no amount of data goes below, in nats a token."""
    a: float
    b: float
    alpha: float
    beta: float

    def loss(self, parameters: float, tokens: float) -> float:
        """Nats a token after training a model of N parameters on D tokens."""
        return float(self.e + self.a / parameters**self.alpha + self.b / tokens**self.beta)

    def optimum(self, budget: float) -> tuple[float, float]:
        """Parameters and tokens of least loss for a budget of operations."""
        both = self.alpha + self.beta
        ratio = (self.alpha * self.a / (self.beta * self.b)) ** (1 / both)
        parameters = ratio * (budget / 6) ** (self.beta / both)
        return parameters, budget / 6 / parameters

    def least_budget(self, target: float) -> float:
        """Operations of the cheapest training that reaches a loss.

        Raises `ValueError` for a loss at or below the law's floor.
        """
        if target <= self.e:
            raise ValueError(f"no budget reaches a loss of {target}: the floor is {self.e}")
        # At the optimum alpha A / N^alpha = beta B / D^beta, so the two terms share what is above the floor.
        above = target - self.e
        parameters = (self.a * (self.alpha + self.beta) / (self.beta * above)) ** (1 / self.alpha)
        tokens = (self.b * (self.alpha + self.beta) / (self.alpha * above)) ** (1 / self.beta)
        return float(6 * parameters * tokens)

    def tokens_for(self, target: float, parameters: float) -> float:
        """Training tokens that a size needs for a loss; infinite where it is too small for it."""
        left = target - self.e - self.a / parameters**self.alpha
        return float((self.b / left) ** (1 / self.beta)) if left > 0 else math.inf

    def overhead(self, share: float) -> float:
        """Operations over the least for the same loss, with `share` times the best number of parameters.

        At the optimum the size term is beta / (alpha + beta) of what lies above the floor; the rest follows, for every
        loss alike. Infinite at or below `smallest_share`.
        """
        part = self.beta / (self.alpha + self.beta)
        left = (1 - part * share**-self.alpha) / (1 - part)
        return float(share * left ** (-1 / self.beta)) if left > 0 else math.inf

    def smallest_share(self) -> float:
        """The share of the best size at which no amount of data reaches the loss any more."""
        return float((self.beta / (self.alpha + self.beta)) ** (1 / self.alpha))

    def cheapest(self, target: float, served: float) -> tuple[float, float]:
        """Size and training tokens of least operations for training and then serving so many tokens at 2N each.

        Raises `ValueError` for a loss at or below the law's floor.
        """

        def total(logarithm: float) -> float:
            size = math.exp(logarithm)
            return size * (6 * self.tokens_for(target, size) + 2 * served)

        best, _ = self.optimum(self.least_budget(target))
        low, high = math.log((self.a / (target - self.e)) ** (1 / self.alpha)), math.log(best)
        golden = (math.sqrt(5) - 1) / 2
        for _ in range(200):
            left, right = high - golden * (high - low), low + golden * (high - low)
            low, high = (low, right) if total(left) < total(right) else (left, high)
        size = math.exp((low + high) / 2)
        return size, self.tokens_for(target, size)

    def break_even(self, parameters: float, tokens: float) -> float:
        """Served tokens after which a size below the best has repaid its longer training.

        Negative for a size above the best, which no serving repays.
        """
        budget = self.least_budget(self.loss(parameters, tokens))
        best, _ = self.optimum(budget)
        return (6 * parameters * tokens - budget) / (2 * (best - parameters))

    def judged(self, parameters: float, tokens: float) -> Judged:
        """A trained model against the cheapest training for the same loss."""
        target = self.loss(parameters, tokens)
        least = self.least_budget(target)
        over = 6 * parameters * tokens / least
        return Judged(tokens / parameters, target, self.optimum(least)[0], over, self.break_even(parameters, tokens))


@dataclass(frozen=True)
class Judged:
    """What a loss law says of a model's size and training tokens."""

    ratio: float
    """Training tokens for each parameter."""
    loss: float
    best: float
    """Parameters of the cheapest training for this loss."""
    over: float
    """Operations over the least for this loss."""
    repaid: float
    """Served tokens after which the smaller size has repaid its longer training."""


LAWS = {
    # Hoffmann et al. 2022, arXiv 2203.15556, section 3.3 and equation 10.
    "hoffmann": LossLaw(1.69, 406.4, 410.7, 0.34, 0.28),
    # The same before rounding, found in the paper's TeX source (epoch-research/analyzing-chinchilla).
    "hoffmann-unrounded": LossLaw(1.6934, 406.4, 410.7, 0.33917, 0.28491),
    # Besiroglu et al. 2024, arXiv 2404.10102.
    "besiroglu": LossLaw(1.8172, 482.01, 2085.43, 0.3478, 0.3658),
}

REPEATS = 15.387756
"""R* of repeated tokens. Source: Muennighoff et al. 2023, huggingface/datablations README.md."""


def effective_tokens(unique: float, epochs: float) -> float:
    """Fresh tokens that so many passes over `unique` tokens are worth.

    Source: Muennighoff et al., arXiv 2305.16264, section 3.
    """
    return unique * (1 + REPEATS * (1 - math.exp(-(epochs - 1) / REPEATS)))
