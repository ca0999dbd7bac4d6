"""Llama 2-Chat's tuning signals in NumPy: the margin loss, the joined reward, Ghost
Attention's loss mask.
"""

import numpy as np


# --8<-- [start:width]
def feed_forward_width(d, multiple, multiplier=1.0):
    """Inner width of the feed-forward network: two thirds of 4d, scaled, rounded up to
    a multiple.
    """
    width = int(multiplier * int(2 * 4 * d / 3))
    return multiple * -(-width // multiple)


# --8<-- [end:width]


# --8<-- [start:reward]
MARGINS = {
    "significantly better": 3.0,
    "better": 2.0,
    "slightly better": 1.0,
    "negligibly better": 0.0,
}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def ranking_loss(chosen, rejected, margin=0.0):
    """-log σ(r_chosen - r_rejected - m): a pair rated far apart has to be scored far
    apart.
    """
    return np.log1p(np.exp(-(chosen - rejected - margin)))


def joined_reward(safety, helpfulness, risky_prompt, threshold=0.15):
    """One reward for PPO from two reward models' probabilities, for a batch of answers.

    Safety's score is taken where the prompt was tagged as risky or the answer looks
    unsafe, else helpfulness's; then back through the sigmoid, and whitened over the
    batch so that the KL penalty keeps one scale.
    """
    score = np.where(risky_prompt | (safety < threshold), safety, helpfulness)
    logit = np.log(score / (1 - score))
    return (logit - logit.mean()) / logit.std()


def best_of(rewards):
    """Rejection sampling: for each prompt (row) the answer (column) with the highest
    reward.
    """
    return rewards.argmax(axis=1)


# --8<-- [end:reward]


# --8<-- [start:gatt]
def ghost_attention(dialogue, instruction, answer):
    """A fine-tuning sample from [(user, assistant), …] whose last assistant turn is to
    be `answer`.

    `answer` was sampled with the instruction before *every* user turn. The sample keeps
    it before the first turn only, and gives loss to the answer's tokens alone, since
    the turns between were written without it. Returns (text, is trained on) pairs.
    """
    sample = []
    for turn, (user, assistant) in enumerate(dialogue):
        sample.append((f"{instruction} {user}" if turn == 0 else user, False))
        sample.append((assistant, False))
    sample[-1] = (answer, True)
    return sample


# --8<-- [end:gatt]


# --8<-- [start:prompt]
def prompt(dialogue, question, system=""):
    """What the chat models read: earlier (user, assistant) turns, then the question.

    Each turn begins and ends with the special tokens <s> and </s>, written out here;
    the brackets are ordinary text. The system message sits inside the first user turn.
    """
    users = [user for user, _ in dialogue] + [question]
    if system:
        users[0] = f"<<SYS>>\n{system}\n<</SYS>>\n\n{users[0]}"
    turns = [f"<s>[INST] {user.strip()} [/INST]" for user in users]
    answers = [f" {answer.strip()} </s>" for _, answer in dialogue] + [""]
    return "".join(turn + answer for turn, answer in zip(turns, answers, strict=True))


# --8<-- [end:prompt]

if __name__ == "__main__":
    for name, d, multiple, multiplier in [
        ("7B", 4096, 256, 1),
        ("13B", 5120, 256, 1),
        ("70B", 8192, 4096, 1.3),
    ]:
        print(
            f"{name:>3}: feed-forward width {feed_forward_width(d, multiple, multiplier)}"
        )

    print("\nloss for a pair scored 1.0 apart, by rating")
    for rating, margin in MARGINS.items():
        print(f"  {rating:<21} {ranking_loss(1.0, 0.0, margin):.2f}")

    safety = np.array([0.95, 0.05, 0.95, 0.60])
    helpfulness = np.array([0.90, 0.90, 0.30, 0.20])
    risky = np.array([False, False, False, True])
    print("\nsafety        ", safety)
    print("helpfulness   ", helpfulness)
    print("risky prompt  ", risky)
    print("joined reward ", joined_reward(safety, helpfulness, risky).round(2))

    talk = [("Hi!", "Hello."), ("How are you?", "Fine."), ("Where is Paris?", "")]
    print()
    for text, trained in ghost_attention(talk, "Answer with emojis.", "🇫🇷"):
        print("loss   " if trained else "no loss", text)
    print()
    print(prompt([("Hi!", "Hello.")], "Where is Paris?", "Answer with emojis."))
