"""Low-precision formats decoded bit by bit, block scaling, and rounding weights with an
eye on the inputs.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:decode]
def decode(exponent, mantissa, special=""):
    """All values of a format with a sign, `exponent` and `mantissa` bits, by code.

    special: "ieee" keeps the largest exponent for infinity and NaN, "nan" only the
    largest magnitude for NaN.
    """
    bias = 2 ** (exponent - 1) - 1
    code = np.arange(2 ** (exponent + mantissa))
    e, m = code >> mantissa, (code & (2**mantissa - 1)) / 2**mantissa
    # e = 0: subnormal
    magnitude = np.where(e == 0, m * 2.0 ** (1 - bias), (1 + m) * 2.0 ** (e - bias))
    if special == "ieee":
        magnitude = np.where(
            e == 2**exponent - 1, np.where(m == 0, np.inf, np.nan), magnitude
        )
    elif special == "nan":
        magnitude[-1] = np.nan
    return np.concatenate([magnitude, -magnitude])


FORMATS = {
    "E5M2": decode(5, 2, "ieee"),
    "E4M3": decode(4, 3, "nan"),
    "E3M2": decode(3, 2),
    "E2M3": decode(2, 3),
    "E2M1": decode(2, 1),
}


def encode(x, name):
    """Codes of the nearest values; ties go to the even code, what is too large to the
    largest finite value.
    """
    table = FORMATS[name]
    half = len(table) // 2
    finite = table[:half][np.isfinite(table[:half])]  # rises with the code
    size = np.minimum(np.abs(x), finite[-1])
    above = np.clip(np.searchsorted(finite, size), 1, len(finite) - 1)
    low, high = size - finite[above - 1], finite[above] - size
    code = np.where((low < high) | ((low == high) & (above % 2 == 1)), above - 1, above)
    return code + half * np.signbit(x)


# --8<-- [end:decode]


def to(name, x):
    """Rounded to a format."""
    return FORMATS[name][encode(x, name)]


# --8<-- [start:blocks]
def microscaled(x, name, block=32, up=False):
    """MX formats: a power of two for every block, so that its largest element meets the
    format's largest exponent, or with `up` the smallest power that cuts nothing off.
    """
    x = x.reshape(-1, block)
    largest = np.nanmax(FORMATS[name][np.isfinite(FORMATS[name])])
    most = np.abs(x).max(1, keepdims=True)
    shift = np.frexp(most)[1] - np.frexp(largest)[1]
    if up:
        shift = shift + (most > np.ldexp(largest, shift))
    scale = np.ldexp(1.0, np.clip(shift, -127, 127))
    return (to(name, x / scale) * scale).ravel()


def nvfp4(x, block=16):
    """NVFP4: E2M1 elements, an E4M3 scale for sixteen of them, and one fp32 scale for
    the tensor.
    """
    tensor = np.float32(np.abs(x).max() / (448 * 6))
    x = x.reshape(-1, block) / tensor
    scale = to("E4M3", np.abs(x).max(1, keepdims=True) / 6)
    safe = np.where(scale > 0, scale, 1)
    return (to("E2M1", x / safe) * scale * tensor).ravel()


def integers(x, bits, group):
    """Symmetric integers with one fp16 scale for a group."""
    x, top = x.reshape(-1, group), 2 ** (bits - 1) - 1
    scale = (np.abs(x).max(1, keepdims=True) / top).astype(np.float16).astype(float)
    return (np.clip(np.rint(x / scale), -top - 1, top) * scale).ravel()


def ternary(x):
    """BitNet b1.58: -1, 0 or 1 times the mean magnitude of the tensor."""
    mean = np.abs(x).mean()
    return np.clip(np.rint(x / mean), -1, 1) * mean


# --8<-- [end:blocks]


# --8<-- [start:ends]
def four_over_six(x, block=16):
    """NVFP4 with a choice: the largest element of a block becomes 6 or 4, whichever
    errs less over the block. The tensor's scale is such that its largest block gets 256
    or 384, both of them numbers of E4M3.
    """
    tensor = np.float32(np.abs(x).max() / (256 * 6))
    x = x.reshape(-1, block) / tensor
    top, tried = np.abs(x).max(1, keepdims=True), []
    for end in (6, 4):
        scale = to("E4M3", top / end)
        tried.append(to("E2M1", x / np.where(scale > 0, scale, 1)) * scale)
    six, four = (((t - x) ** 2).sum(1, keepdims=True) for t in tried)
    return (np.where(six <= four, *tried) * tensor).ravel()


# --8<-- [end:ends]


def nf4():
    """The sixteen levels of NF4 (QLoRA): quantiles of a normal distribution, scaled to
    reach from -1 to 1.
    """
    grid = np.linspace(-4, 4, 800_001)
    density = np.exp(-(grid**2) / 2)
    cumulative = np.concatenate([[0], np.cumsum((density[1:] + density[:-1]) / 2)])
    outside = 3.1671241833119924e-05  # P(normal < -4)
    cumulative = outside + cumulative / cumulative[-1] * (1 - 2 * outside)
    at = lambda q: np.interp(q, cumulative, grid)  # noqa: E731
    offset = 0.9677083
    positive, negative = (
        at(np.linspace(offset, 0.5, 9)[:-1]),
        -at(np.linspace(offset, 0.5, 8)[:-1]),
    )
    return np.sort(np.concatenate([negative, [0], positive])) / at(offset)


def nearest(x, levels, group):
    """Rounded to levels between -1 and 1, with the largest magnitude of a group as its
    scale.
    """
    x = x.reshape(-1, group)
    scale = np.abs(x).max(1, keepdims=True)
    order = np.searchsorted((levels[1:] + levels[:-1]) / 2, x / scale)
    return (levels[order] * scale).ravel()


# --8<-- [start:gptq]
def rows(weights, bits):
    """A rounding to integers with one scale for each output, as a function of a column
    of weights.
    """
    top = 2 ** (bits - 1) - 1
    scale = np.abs(weights).max(0) / top  # weights: inputs × outputs
    return lambda row: np.clip(np.rint(row / scale), -top - 1, top) * scale


def gptq(weights, x, bits, damp=0.01):
    """Round input by input; what an input's rounding spoils, the inputs that follow
    make good.

    weights: inputs × outputs, x: samples × inputs. The factor of the inverse Hessian
    holds, row by row, how.
    """
    hessian = x.T @ x
    hessian = hessian + damp * np.diag(hessian).mean() * np.eye(len(hessian))
    factor = np.linalg.cholesky(np.linalg.inv(hessian)).T  # upper triangle
    left, quantise = weights.copy(), rows(weights, bits)
    for i in range(len(left)):
        rounded = quantise(left[i])
        error = (left[i] - rounded) / factor[i, i]
        left[i + 1 :] -= np.outer(factor[i, i + 1 :], error)
        left[i] = rounded
    return left


# --8<-- [end:gptq]


# --8<-- [start:awq]
def awq(weights, x, bits, power):
    """Scale inputs' weights up by their mean activation to a power, round, scale down
    again.
    """
    scale = np.maximum(np.abs(x).mean(0) ** power, 1e-4)
    scale = scale / np.sqrt(scale.max() * scale.min())
    scaled = weights * scale[:, None]
    return rows(scaled, bits)(scaled) / scale[:, None]


# --8<-- [end:awq]


def relative(a, b):
    """Root mean square of the difference, over that of the first."""
    return float(np.sqrt(((a - b) ** 2).mean() / (a**2).mean()))


SCHEMES = {
    "FP8": (
        8.0,
        lambda x: to("E4M3", x / (np.abs(x).max() / 448)) * (np.abs(x).max() / 448),
    ),
    "MXFP8": (8.25, lambda x: microscaled(x, "E4M3")),
    "INT8": (8.125, lambda x: integers(x, 8, 128)),
    "MXFP6": (6.25, lambda x: microscaled(x, "E2M3")),
    "INT4/32": (4.5, lambda x: integers(x, 4, 32)),
    "INT4/128": (4.125, lambda x: integers(x, 4, 128)),
    "NF4/64": (4.5, lambda x: nearest(x, nf4(), 64)),
    "NVFP4": (4.5, nvfp4),
    "4 over 6": (4.5, four_over_six),
    "MXFP4": (4.25, lambda x: microscaled(x, "E2M1")),
    "ternary": (1.585, ternary),
}


ROUNDED_UP = {
    "MXFP8": (8.25, lambda x: microscaled(x, "E4M3", up=True)),
    "MXFP4": (4.25, lambda x: microscaled(x, "E2M1", up=True)),
}


def errors(seed=0, count=2**16, up=False):
    """Relative error of each scheme on normal and on heavy-tailed numbers (Student's t
    with 4 degrees of freedom).
    """
    rng = np.random.default_rng(seed)
    normal, heavy = rng.normal(size=count), rng.standard_t(4, size=count)
    return {
        name: [round(relative(v, f(v)), 4) for v in (normal, heavy)]
        for name, (_, f) in (ROUNDED_UP if up else SCHEMES).items()
    }


def layer(seed=0, inputs=64, outputs=48, samples=2000):
    """Weights and inputs of a toy layer: correlated inputs, four of them ten times as
    large as the rest.
    """
    rng = np.random.default_rng(seed)
    mixing = rng.normal(size=(inputs, inputs)) * np.geomspace(1, 0.05, inputs)[:, None]
    x = rng.normal(size=(2 * samples, inputs)) @ mixing
    x[:, rng.choice(inputs, 4, replace=False)] *= 10
    return rng.normal(size=(inputs, outputs)), x[:samples], x[samples:]


POWERS = tuple(round(0.05 * i, 2) for i in range(21))


def rounding(bits, seeds=range(5)):
    """Error of the layer's output on new inputs: plain, by GPTQ, and by AWQ for each
    power; means over seeds.
    """
    found = []
    for seed in seeds:
        weights, x, new = layer(seed)
        made = [
            rows(weights, bits)(weights),
            gptq(weights, x, bits),
            *(awq(weights, x, bits, p) for p in POWERS),
        ]
        found.append([relative(new @ weights, new @ w) for w in made])
    plain, by_gptq, *by_awq = np.mean(found, axis=0)
    return {
        "plain": round(plain, 4),
        "gptq": round(by_gptq, 4),
        "awq": [round(v, 4) for v in by_awq],
    }


def facts():
    """Largest, smallest normal and smallest value above zero of each format."""
    out = {}
    for name, table in FORMATS.items():
        bits = int(name[1]), int(name[3])
        magnitudes = np.sort(
            table[: len(table) // 2][np.isfinite(table[: len(table) // 2])]
        )
        out[name] = [
            float(magnitudes[-1]),
            2.0 ** (2 - 2 ** (bits[0] - 1)),
            float(magnitudes[1]),
        ]
    return out


if __name__ == "__main__":
    data = {
        "errors": errors(),
        "rounding": {str(b): rounding(b) for b in (3, 4)},
        "formats": facts(),
    }
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(data) + "\n", encoding="utf-8"
        )
    print("format  largest  smallest normal  smallest")
    for name, (largest, normal, smallest) in data["formats"].items():
        print(f"{name:6s} {largest:8g} {normal:16.6g} {smallest:9.3g}")
    print("E2M1 holds", FORMATS["E2M1"][:8].tolist())
    print("relative error        bits  normal  heavy-tailed")
    for name, (bits, _) in SCHEMES.items():
        a, b = data["errors"][name]
        print(f"  {name:18s} {bits:5.3f} {a:7.4f} {b:7.4f}")
    for name, (a, b) in errors(up=True).items():
        print(f"  {name + ', scale up':18s} {SCHEMES[name][0]:5.3f} {a:7.4f} {b:7.4f}")
    for bits in ("3", "4"):
        r = data["rounding"][bits]
        best = int(np.argmin(r["awq"]))
        print(
            f"{bits} bits, error of a layer's output: plain {r['plain']:.3f}  GPTQ {r['gptq']:.3f}",
            end="  ",
        )
        print(f"AWQ {r['awq'][best]:.3f} at power {POWERS[best]}")
