"""When does a critique help? A loop of answer, critique and revision,
computed exactly.
"""

from math import comb


# --8<-- [start:loop]
def accuracy(right, found, false_alarm, repaired, spoiled, rounds):
    """Probability that the answer is right after some rounds of critique and revision.

    right:       probability that the first answer is right
    found:       probability that the critic objects to a wrong answer
    false_alarm: probability that it objects to a right one
    repaired:    probability that a revision makes a wrong answer right
    spoiled:     probability that a revision makes a right answer wrong
    """
    history = [right]
    for _ in range(rounds):
        right = right * (1 - false_alarm * spoiled) + (1 - right) * found * repaired
        history.append(right)
    return history


def limit(found, false_alarm, repaired, spoiled):
    """Where the loop settles, whatever the first answer was: repairs
    balance spoilings.
    """
    gain, loss = found * repaired, false_alarm * spoiled
    return gain / (gain + loss)


# --8<-- [end:loop]


def best_of_n(right, found, false_alarm, n):
    """Accuracy when the critic picks, at random, among those of n answers it does not
    object to (all, if none).
    """
    passed_right, passed_wrong = 1 - false_alarm, 1 - found
    total = 0.0
    for k in range(n + 1):
        chance = _binomial(n, k, right)
        for i in range(k + 1):
            for j in range(n - k + 1):
                share = i / (i + j) if i + j else k / n
                total += (
                    chance
                    * _binomial(k, i, passed_right)
                    * _binomial(n - k, j, passed_wrong)
                    * share
                )
    return total


def _binomial(n, k, p):
    return comb(n, k) * p**k * (1 - p) ** (n - k)


if __name__ == "__main__":
    print("accuracy after 0, 1, 2, 4 rounds, first answer right with 0.60")
    for name, critic in {
        "careful critic": (0.6, 0.05, 0.5, 0.5),
        "zealous critic": (0.9, 0.80, 0.5, 0.5),
        "blind critic": (0.1, 0.10, 0.5, 0.5),
    }.items():
        history = accuracy(0.6, *critic, rounds=4)
        shown = "  ".join(f"{history[r]:.3f}" for r in (0, 1, 2, 4))
        print(f"{name:16s} {shown}   in the limit {limit(*critic):.3f}")
    print("choosing among n answers with the careful critic:", end=" ")
    print(", ".join(f"n={n}: {best_of_n(0.6, 0.6, 0.05, n):.3f}" for n in (1, 4, 8)))
