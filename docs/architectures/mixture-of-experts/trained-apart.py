"""Experts trained apart and joined: with the rest frozen, averaged, or trained on."""

import json
import sys
from pathlib import Path

import numpy as np

PARTS = ("rest", "up", "down", "rows")


# --8<-- [start:mixture]
def forward(model, x, k):
    """Output n × 3 of a mixture with a common layer in front, and what the gradient
    needs. rest: 8 × m; up: E × m × h; down: E × h × 3; rows of the router: E × m.
    """
    common = np.tanh(x @ model["rest"])
    score = common @ model["rows"].T
    score = np.where(score >= np.sort(score)[:, [-k]], score, -np.inf)
    gate = np.exp(score - score.max(1, keepdims=True))
    gate /= gate.sum(1, keepdims=True)
    hidden = np.maximum(common @ model["up"], 0)
    answers = hidden @ model["down"]
    return np.einsum("ne,enc->nc", gate, answers), (common, gate, hidden, answers)


def gradient(model, x, y, k):
    """Of half the mean squared error, for every part."""
    out, (common, gate, hidden, answers) = forward(model, x, k)
    wrong = (out - y) / len(x)
    of_answers = gate.T[:, :, None] * wrong
    of_hidden = (of_answers @ model["down"].swapaxes(1, 2)) * (hidden > 0)
    value = np.einsum("nc,enc->ne", wrong, answers)
    of_score = gate * (value - (gate * value).sum(1, keepdims=True))
    of_common = (of_hidden @ model["up"].swapaxes(1, 2)).sum(0)
    of_common += of_score @ model["rows"]
    return {
        "rest": x.T @ (of_common * (1 - common**2)),
        "up": common.T @ of_hidden,
        "down": hidden.swapaxes(1, 2) @ of_answers,
        "rows": of_score.T @ common,
    }


# --8<-- [end:mixture]


def train(model, x, y, free, k=1, steps=400, rate=0.01):
    """Adam on the parts of `free`: name to the experts that learn, or None for all."""
    model = {name: part.copy() for name, part in model.items()}
    first = {name: np.zeros_like(part) for name, part in model.items()}
    second = {name: np.zeros_like(part) for name, part in model.items()}
    for step in range(1, steps + 1):
        slopes = gradient(model, x, y, k)
        for name, which in free.items():
            first[name] += 0.1 * (slopes[name] - first[name])
            second[name] += 0.001 * (slopes[name] ** 2 - second[name])
            change = first[name] / (1 - 0.9**step)
            change /= np.sqrt(second[name] / (1 - 0.999**step)) + 1e-8
            if which is None:
                model[name] -= rate * change
            else:
                model[name][which] -= rate * change[which]
    return model


# --8<-- [start:join]
def mean_row(model, x):
    """What an owner's row of the router starts as: the mean of its data."""
    return np.tanh(x @ model["rest"]).mean(0, keepdims=True)


def beside(public, x, y, steps=400):
    """FlexOlmo: a second expert learns while everything else is frozen."""
    pair = {
        "rest": public["rest"],
        "up": np.repeat(public["up"], 2, 0),
        "down": np.repeat(public["down"], 2, 0),
        "rows": np.concatenate([public["rows"], mean_row(public, x)]),
    }
    pair = train(pair, x, y, {name: [1] for name in PARTS[1:]}, 2, steps)
    return {name: pair[name][1:] for name in ("up", "down", "rows")}


def join(rest, parts):
    """The experts and their rows beside each other, behind one common layer."""
    return {"rest": rest} | {
        name: np.concatenate([part[name] for part in parts])
        for name in ("up", "down", "rows")
    }


def ridge_rows(model, data, strength=1.0):
    """DUME: rows that tell from a token which domain it comes from, by least squares;
    the sums of several owners add up.
    """
    width = model["rest"].shape[1]
    gram, cross = strength * np.eye(width), []
    for x, _ in data:
        common = np.tanh(x @ model["rest"])
        gram += common.T @ common
        cross.append(common.sum(0))
    return model | {"rows": np.linalg.solve(gram, np.transpose(cross)).T}


# --8<-- [end:join]


def domains(rng, count=4, d=8, samples=400):
    """Training and test data of each domain: a centre and a function of its own, beside
    a function that all share.
    """
    centres = rng.normal(size=(count, d))
    centres *= 2 / np.linalg.norm(centres, axis=1, keepdims=True)
    functions = [
        (rng.normal(size=(d, 16)) / 2, rng.normal(size=(16, 3)) / 2)
        for _ in range(count + 1)
    ]

    def draw(domain):
        x = centres[domain] + 0.6 * rng.normal(size=(samples, d))
        return x, sum(
            np.maximum(x @ a, 0) @ b for a, b in (functions[domain], functions[-1])
        )

    return [draw(i) for i in range(count)], [draw(i) for i in range(count)]


def new_model(rng, d=8, width=16, hidden=32):
    return {
        "rest": rng.normal(size=(d, width)) / d**0.5,
        "up": rng.normal(size=(1, width, hidden)) * (2 / width) ** 0.5,
        "down": rng.normal(size=(1, hidden, 3)) / hidden**0.5,
        "rows": np.zeros((1, width)),
    }


def errors(model, tests, k):
    """Squared error on each domain over its variance."""
    return np.array(
        [((forward(model, x, k)[0] - y) ** 2).mean() / y.var() for x, y in tests]
    )


WAYS = (
    "public model",
    "whole models, domain known",
    "all weights averaged",
    "experts of these, rest public",
    "experts of these, rest averaged",
    "  router by ridge regression",
    "  trained on together",
    "experts trained beside, rest frozen",
    "  router by ridge regression",
    "  trained on together",
    "copies of one, trained together",
)


def experiment(seed, steps=400, more=100):
    """Errors of every way of WAYS on the public domain and on those of three owners."""
    rng = np.random.default_rng(seed)
    data, tests = domains(rng)
    whole, everything = dict.fromkeys(PARTS[:3]), dict.fromkeys(PARTS)
    public = train(new_model(rng), *data[0], whole, steps=steps)
    public["rows"] = mean_row(public, data[0][0])
    every = [np.concatenate(part) for part in zip(*data, strict=True)]

    # whole copies of the public model, each trained on the data of its owner
    copies = [public]
    copies += [train(public, *own, whole, steps=steps) for own in data[1:]]
    mean = {name: np.mean([copy[name] for copy in copies], axis=0) for name in PARTS}
    owners = [
        copy | {"rows": mean_row(mean, x)}
        for copy, (x, _) in zip(copies, data, strict=True)
    ]
    mixed = join(mean["rest"], owners)

    apart = [beside(public, *own, steps=steps) for own in data[1:]]
    apart = join(public["rest"], [public, *apart])
    copied = {name: np.repeat(public[name], 4, 0) for name in ("up", "down")}
    copied |= {
        "rest": public["rest"],
        "rows": np.concatenate([mean_row(public, x) for x, _ in data]),
    }

    def together(model, steps):
        return train(model, *every, everything, k=2, steps=steps)

    table = [
        errors(public, tests, 1),
        [errors(copy, [test], 1)[0] for copy, test in zip(copies, tests, strict=True)],
        errors(mean, tests, 1),
        errors(join(public["rest"], owners), tests, 2),
    ]
    for model in (mixed, apart):
        table += [
            errors(model, tests, 2),
            errors(ridge_rows(model, data), tests, 1),
            errors(together(model, more), tests, 2),
        ]
    return np.array([*table, errors(together(copied, steps), tests, 2)])


def results(seeds=6):
    """Geometric means over seeds: on the public domain, and over the owners' three."""
    logs = np.mean([np.log(experiment(seed)) for seed in range(seeds)], axis=0)
    table = np.exp(np.stack([logs[:, 0], logs[:, 1:].mean(1)], axis=1))
    return [[way, *row] for way, row in zip(WAYS, table.round(4).tolist(), strict=True)]


if __name__ == "__main__":
    stored = Path(__file__).with_suffix(".json")
    if "--data" in sys.argv:
        stored.write_text(json.dumps({"ways": results()}) + "\n", encoding="utf-8")
    print("error over variance                  public domain   owners' domains")
    for way, public, owners in json.loads(stored.read_text(encoding="utf-8"))["ways"]:
        print(f"{way:36s} {public:13.3f} {owners:17.3f}")
