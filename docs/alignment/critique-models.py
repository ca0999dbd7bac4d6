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


# --8<-- [start:measured]
def rates(first, mended, spoiled):
    """f·ρ and g·ς from an experiment with one revision.

    first:   share of the first answers that were right
    mended:  share of all problems that the revision made right
    spoiled: share of all problems that the revision made wrong
    """
    return mended / (1 - first), spoiled / first


def push(first, mends, keeps, bonus, credit):
    """Expected policy gradient when an answer and its revision are both
    rewarded for being right, and the revision also with bonus · (change).

    first, mends, keeps: probabilities of a right first answer, of mending
        a wrong one and of keeping a right one; the policy's three logits
    credit: share of the revision's reward that the first answer gets too
    """
    gradient = {"first": 0.0, "mends": 0.0, "keeps": 0.0}
    for right in (0, 1):
        for right_after in (0, 1):
            name, p = ("keeps", keeps) if right else ("mends", mends)
            chance = abs(1 - right - first) * abs(1 - right_after - p)
            reward = right_after + bonus * (right_after - right)
            gradient["first"] += chance * (right + credit * reward) * (right - first)
            gradient[name] += chance * reward * (right_after - p)
    return gradient


# --8<-- [end:measured]


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


# Kumar and others (2024), tables 2 and 3: right at first; of all problems, mended and spoilt
MEASURED = {
    "MATH": {
        "base model": (0.526, 0.046, 0.158),
        "Self-Refine (prompt)": (0.528, 0.032, 0.042),
        "STaR (supervised)": (0.536, 0.026, 0.022),
        "Pair-SFT (supervised)": (0.524, 0.054, 0.036),
        "SCoRe (reinforced)": (0.600, 0.058, 0.014),
    },
    "HumanEval": {
        "base model": (0.537, 0.079, 0.049),
        "Self-Refine (prompt)": (0.537, 0.098, 0.110),
        "Pair-SFT (supervised)": (0.561, 0.043, 0.061),
        "SCoRe (reinforced)": (0.524, 0.152, 0.030),
    },
}


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

    print("\none revision, as measured    right   mends  spoils  helps below")
    for task, models in MEASURED.items():
        print(task)
        for name, (first, mended, spoiled) in models.items():
            gain, loss = rates(first, mended, spoiled)
            print(
                f"  {name:25s}  {first:.3f}   {gain:.3f}   {loss:.3f}   {limit(gain, loss, 1, 1):.3f}"
            )

    first, mended, spoiled = MEASURED["MATH"]["base model"]
    gain, loss = rates(first, mended, spoiled)
    print("\npush of the reward, base model         first    mend    keep")
    for name, bonus, credit in (
        ("no bonus, each its own reward", 0, 0),
        ("bonus 10, each its own reward", 10, 0),
        ("bonus 10, first answer shares it", 10, 1),
    ):
        pushes = push(first, gain, 1 - loss, bonus, credit).values()
        print(f"  {name:33s}   " + "  ".join(f"{x:+.3f}" for x in pushes))
