"""StyleGAN's parts in NumPy: mapping, modulated convolutions in two forms, filters
against aliasing, counts.
"""

import json
import sys
from pathlib import Path

import numpy as np


def leaky(x, slope=0.2):
    return np.where(x < 0, slope * x, x)


# --8<-- [start:mapping]
def mapping(z, layers, rate=0.01):
    """z (rows) to w. Weights are kept at unit size and scaled when used, so that all
    learn at the same pace.
    """
    x = z / np.sqrt((z**2).mean(1, keepdims=True) + 1e-8)  # put z on the sphere
    for weight, bias in layers:
        x = np.sqrt(2) * leaky(x @ (weight * rate / np.sqrt(len(weight))) + rate * bias)
    return x


def truncate(w, average, psi):
    """Towards the average w: less variety, fewer failures."""
    return average + psi * (w - average)


# --8<-- [end:mapping]


# --8<-- [start:modulate]
def convolve(x, weight):
    """Circular correlation. x: in × height × width, weight: out × in × k × k."""
    k, out = weight.shape[-1], 0.0
    for dy in range(k):
        for dx in range(k):
            moved = np.roll(x, (k // 2 - dy, k // 2 - dx), axis=(1, 2))
            out = out + np.einsum("oi,ihw->ohw", weight[:, :, dy, dx], moved)
    return out


def adain(x, scale, shift):
    """StyleGAN 1: give every map of features mean `shift` and standard deviation
    `scale`, whatever it had.
    """
    mean, std = x.mean((1, 2), keepdims=True), x.std((1, 2), keepdims=True)
    return scale[:, None, None] * (x - mean) / std + shift[:, None, None]


def modulated(x, weight, style):
    """StyleGAN 2: the style scales the weights' inputs; each output's weights are then
    set to unit length.
    """
    scaled = weight * style[None, :, None, None]
    length = np.sqrt((scaled**2).sum((1, 2, 3), keepdims=True) + 1e-8)
    return convolve(x, scaled / length)


def modulated_activations(x, weight, style):
    """The same with one convolution for a whole batch: scale activations before and
    after instead of weights.
    """
    length = np.sqrt(((weight * style[None, :, None, None]) ** 2).sum((1, 2, 3)) + 1e-8)
    return convolve(x * style[:, None, None], weight) / length[:, None, None]


def output_variance(weight, style, correlation):
    """Of `modulated` when all inputs have variance 1 and any two the same correlation:
    1 only without correlation.
    """
    scaled = weight * style[None, :, None, None]
    total = scaled.sum((1, 2, 3)) ** 2 / (scaled**2).sum((1, 2, 3))
    return 1 - correlation + correlation * total


def select(kernels, choice):
    """GigaGAN: a convolution's kernel as a mixture of a bank, by a softmax over logits
    from w; then modulated.
    """
    share = np.exp(choice - choice.max())
    return np.einsum("n,noikl->oikl", share / share.sum(), kernels)


# --8<-- [end:modulate]


# --8<-- [start:filters]
def low_pass(taps, cutoff, width, rate):
    """Kaiser-windowed low-pass filter: `cutoff` and `width` of the transition in the
    units of the sampling rate.
    """
    attenuation = 2.285 * (taps - 1) * np.pi * (2 * width / rate) + 7.95
    if attenuation > 50:
        beta = 0.1102 * (attenuation - 8.7)
    else:
        beta = 0.5842 * max(attenuation - 21, 0) ** 0.4 + 0.07886 * max(
            attenuation - 21, 0
        )
    place = np.arange(taps) - (taps - 1) / 2
    kernel = np.sinc(2 * cutoff / rate * place) * np.kaiser(taps, beta)
    return kernel / kernel.sum()


def upsample(x, kernel, factor=2):
    """Zeros between the samples of one period, then a filter."""
    spread = np.zeros(factor * len(x))
    spread[::factor] = factor * x
    offset = (len(kernel) - 1) // 2
    return sum(
        value * np.roll(spread, index - offset)
        for index, value in enumerate(kernel / kernel.sum())
    )


def filtered(x, nonlinearity, factor, taps, cutoff, width):
    """StyleGAN 3: apply a nonlinearity at a higher rate and filter what it adds above
    the band. x: one period.
    """
    kernel = low_pass(taps * factor, cutoff, width, factor * len(x))
    high = nonlinearity(upsample(x, kernel, factor))
    # An even filter has its middle between two samples; this one undoes the half step
    # of the first.
    offset = len(kernel) - 1 - (len(kernel) - 1) // 2
    return sum(
        value * np.roll(high, index - offset) for index, value in enumerate(kernel)
    )[::factor]


def move(x, amount):
    """A periodic signal moved by any part of a sample, exactly for signals below half
    the sampling rate.
    """
    turns = np.exp(-2j * np.pi * np.fft.rfftfreq(len(x)) * amount)
    return np.fft.irfft(np.fft.rfft(x) * turns, len(x))


def equivariance(operation, signals, factor=1, amounts=(0.13, 0.37, 0.61)):
    """In dB: how well moving and then operating agrees with operating and then moving
    (by parts of a sample).
    """
    a = np.stack([operation(move(x, amount)) for x in signals for amount in amounts])
    b = np.stack(
        [move(operation(x), factor * amount) for x in signals for amount in amounts]
    )
    return 10 * np.log10((b**2).mean() / ((a - b) ** 2).mean())


# --8<-- [end:filters]


# --8<-- [start:augment]
def shown(shares, probability):
    """How often the critic meets each of four orientations, if every picture is turned
    by a random multiple of 90° with this probability.
    """
    return (1 - probability) * shares + probability * shares.mean()


def adapt(probability, signs, batch, target=0.6, every=4, images=500_000):
    """The next probability: up while too many real pictures are recognised (mean sign
    of their scores above the target), else down.
    """
    step = batch * every / images
    return max(probability + np.sign(np.mean(signs) - target) * step, 0.0)


# --8<-- [end:augment]


# --8<-- [start:layers]
def alias_free_layers(resolution, layers=14, critical=2, base=32768, most=512):
    """StyleGAN 3-T: for each layer the cutoff, sampling rate, size with margin,
    channels, as its code sets them.
    """
    last, first_stop = resolution / 2, 2**2.1
    exponents = np.minimum(np.arange(layers + 1) / (layers - critical), 1)
    cutoffs = 2 * (last / 2) ** exponents
    stops = first_stop * (last * 2**0.3 / first_stop) ** exponents
    rates = 2 ** np.ceil(np.log2(np.minimum(2 * stops, resolution)))
    widths = np.maximum(stops, rates / 2) - cutoffs
    sizes = rates + 20
    sizes[-2:] = resolution
    channels = np.rint(np.minimum(base / 2 / cutoffs, most))
    channels[-1] = 3
    return [
        {
            "cutoff": c,
            "half_width": h,
            "rate": int(r),
            "size": int(s),
            "channels": int(n),
        }
        for c, h, r, s, n in zip(cutoffs, widths, rates, sizes, channels, strict=True)
    ]


def parameters(resolution, base=32768, most=512, width=512, depth=8):
    """StyleGAN 2's generator, counted: mapping, constant, convolutions with style,
    noise and bias, to-RGB layers.
    """

    def channels(side):
        return min(base // side, most)

    def layer(into, out, kernel, noise=1):
        return into * out * kernel**2 + width * into + into + out + noise

    total, side = (
        depth * (width * width + width)
        + 16 * channels(4)
        + layer(channels(4), channels(4), 3),
        4,
    )
    total += layer(channels(4), 3, 1, noise=0)
    while side < resolution:
        side *= 2
        into, out = channels(side // 2), channels(side)
        total += layer(into, out, 3) + layer(out, out, 3) + layer(out, 3, 1, noise=0)
    return total


# --8<-- [end:layers]


def band_limited(count, length, cutoff, rng):
    """Random periodic signals with nothing above `cutoff` periods."""
    spectrum = np.zeros((count, length // 2 + 1), complex)
    spectrum[:, 1 : cutoff + 1] = rng.normal(size=(count, cutoff)) + 1j * rng.normal(
        size=(count, cutoff)
    )
    signals = np.fft.irfft(spectrum, length)
    return signals / signals.std(1, keepdims=True)


KERNELS = {
    "repeat each sample": np.array([1.0, 1.0]),
    "1 2 1 (linear)": np.array([1.0, 2.0, 1.0]),
    "1 3 3 1 (StyleGAN 2)": np.array([1.0, 3.0, 3.0, 1.0]),
    "Kaiser, 12 taps (StyleGAN 3)": low_pass(12, 20.0, 24.0, 128.0),
}
CORRELATIONS = (0.0, 0.05, 0.1, 0.2, 0.4)


def experiment(seed=0):
    """Equivariance in dB of doubling the rate and of a nonlinearity; spread of
    demodulated outputs by correlation.
    """
    rng = np.random.default_rng(seed)
    signals = band_limited(40, 64, 16, rng)  # half of what 64 samples can hold
    doubling = {
        name: round(
            float(equivariance(lambda x, k=kernel: upsample(x, k), signals, factor=2)),
            1,
        )
        for name, kernel in KERNELS.items()
    }
    nonlinearity = {"at its own rate": round(float(equivariance(leaky, signals)), 1)}
    for factor in (1, 2, 4, 8):
        wrapped = equivariance(
            lambda x, f=factor: filtered(x, leaky, f, 6, 20.0, 24.0), signals
        )
        nonlinearity[f"filtered, at {factor} x"] = round(float(wrapped), 1)
    weight, style = rng.normal(size=(64, 32, 3, 3)), np.exp(0.5 * rng.normal(size=32))
    spreads = np.sqrt([output_variance(weight, style, c) for c in CORRELATIONS])
    rows = []
    for correlation, row in zip(CORRELATIONS, spreads, strict=True):
        rows.append(
            [correlation, *np.quantile(row, [0.05, 0.5, 0.95]).round(3).tolist()]
        )
    return {
        "doubling": doubling,
        "nonlinearity": nonlinearity,
        "spread": rows,
    }


if __name__ == "__main__":
    results = experiment()
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(results, indent=1) + "\n", encoding="utf-8"
        )
    print(f"StyleGAN 2 at 1024 pixels: {parameters(1024):,} parameters")
    print("doubling the rate, equivariance in dB")
    for name, value in results["doubling"].items():
        print(f"  {name:30s} {value:5.1f}")
    print("leaky ReLU, equivariance in dB")
    for name, value in results["nonlinearity"].items():
        print(f"  {name:30s} {value:5.1f}")
    print(
        "deviation of demodulated outputs by correlation of the inputs (5 %, median, 95 %)"
    )
    for correlation, *quantiles in results["spread"]:
        print(f"  {correlation:4.2f}", *(f"{q:6.2f}" for q in quantiles))
    layers = alias_free_layers(1024)
    print("StyleGAN 3-T at 1024: rates", *(layer["rate"] for layer in layers))
    upright, turned = np.array([1.0, 0, 0, 0]), np.full(4, 0.25)
    print("how different the critic sees upright and randomly turned pictures")
    for chance in (0.0, 0.2, 0.8, 1.0):
        apart = np.abs(shown(upright, chance) - shown(turned, chance)).sum() / 2
        print(f"  turned with probability {chance:.1f}: {apart:.2f}")
