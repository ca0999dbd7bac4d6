"""One gradient, many weights: every objective on one prompt with six possible answers,
exactly.
"""

import numpy as np

MODEL = np.array([0.40, 0.25, 0.15, 0.10, 0.06, 0.04])
"""What the model says now."""
CORPUS = np.array([0.50, 0.10, 0.10, 0.20, 0.05, 0.05])
"""How often each answer follows in the corpus."""
TEACHER = np.array([0.05, 0.05, 0.10, 0.10, 0.30, 0.40])
"""What a better model would say."""
REWARD = np.array([0.0, 0.0, 1.0, 0.0, 0.0, 1.0])
"""A program's verdict: the third and the last answer are right."""
DEMONSTRATION, WINNER, LOSER = 5, 2, 0


# --8<-- [start:weights]
def weights(p):
    """For each objective the weight w with which an answer's log-probability enters:
    gradient = sum of w ∇log p.
    """
    chance = p @ REWARD
    gap = np.log(TEACHER / p)
    one = np.eye(len(p))
    return {
        "next token": CORPUS,  # every answer, as often as it follows in the corpus
        "demonstration": one[DEMONSTRATION],
        # DPO at the start, where σ(0) = 1/2, with beta 1
        "preference": 0.5 * (one[WINNER] - one[LOSER]),
        # policy gradient: tried as often as the model says it
        "verifier": p * (REWARD - chance),
        "teacher's answers": TEACHER,
        "own answers, teacher": p * (gap - p @ gap),
    }


def step(p, w, rate=0.5):
    """The model after one step along a gradient: logits move by w minus its sum times
    p.
    """
    moved = np.log(p) + rate * (w - w.sum() * p)
    out = np.exp(moved - moved.max())
    return out / out.sum()


# --8<-- [end:weights]


def objectives(p):
    """The quantities whose gradients these are, each to be raised."""
    log_p = np.log(p)
    return {
        "next token": CORPUS @ log_p,
        "demonstration": log_p[DEMONSTRATION],
        "preference": -np.logaddexp(
            0, -(log_p[WINNER] - log_p[LOSER] - np.log(MODEL[WINNER] / MODEL[LOSER]))
        ),
        "verifier": p @ REWARD,
        "teacher's answers": TEACHER @ log_p,
        "own answers, teacher": -(p @ np.log(p / TEACHER)),
    }


if __name__ == "__main__":
    print(
        "answers                       ",
        "".join(f"{name:>7s}" for name in "ABCDEF"),
        "    sum",
    )
    print(
        "the model's probabilities     ",
        "".join(f"{v:7.2f}" for v in MODEL),
        f"{MODEL.sum():7.2f}",
    )
    for name, w in weights(MODEL).items():
        print(
            f"weights: {name:21.21s}",
            "".join(f"{round(v, 2) + 0.0:7.2f}" for v in w),
            f"{round(w.sum(), 2) + 0.0:7.2f}",
        )
    for name in ("demonstration", "verifier"):
        print(
            f"after a step: {name:16s}",
            "".join(f"{v:7.2f}" for v in step(MODEL, weights(MODEL)[name], rate=2.0)),
        )
