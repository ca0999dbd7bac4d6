"""Two forms of modulation agree, demodulation is exact under its assumption, filters are the library's, counts too."""

import json

import numpy as np
import pytest
from examples import DOCS, load

sg = load("architectures/classic/stylegan")
rng = np.random.default_rng(0)
WEIGHT, STYLE = rng.normal(size=(6, 4, 3, 3)), np.exp(rng.normal(size=4))
X = rng.normal(size=(4, 8, 8))


def test_mapping_puts_z_on_the_sphere_and_scales_weights_when_used() -> None:
    layers = [(rng.normal(size=(5, 5)) / 0.01, rng.normal(size=5)) for _ in range(3)]
    z = rng.normal(size=(4, 5))

    np.testing.assert_allclose(sg.mapping(7 * z, layers), sg.mapping(z, layers), rtol=1e-6)
    by_hand = z / np.sqrt((z**2).mean(1, keepdims=True))
    for weight, bias in layers:
        by_hand = by_hand @ weight * 0.01 / np.sqrt(5) + 0.01 * bias
        by_hand = np.maximum(by_hand, 0.2 * by_hand) * np.sqrt(2)
    np.testing.assert_allclose(sg.mapping(z, layers), by_hand, rtol=1e-6)


def test_truncation_goes_towards_the_average() -> None:
    w, average = rng.normal(size=(3, 4)), rng.normal(size=4)

    np.testing.assert_allclose(sg.truncate(w, average, 0.0), np.broadcast_to(average, w.shape))
    np.testing.assert_allclose(sg.truncate(w, average, 1.0), w)
    np.testing.assert_allclose(sg.truncate(w, average, 0.7), 0.3 * average + 0.7 * w)


def test_convolution_by_its_definition() -> None:
    y = sg.convolve(X, WEIGHT)
    for out, row, column in ((0, 0, 0), (5, 7, 3), (2, 4, 7)):
        total = sum(
            WEIGHT[out, i, dy, dx] * X[i, (row + dy - 1) % 8, (column + dx - 1) % 8]
            for i, dy, dx in np.ndindex(4, 3, 3)
        )
        assert y[out, row, column] == pytest.approx(total)


def test_scaling_weights_and_scaling_activations_agree() -> None:
    np.testing.assert_allclose(sg.modulated(X, WEIGHT, STYLE), sg.modulated_activations(X, WEIGHT, STYLE), atol=1e-12)


def test_the_style_s_size_and_a_weight_s_size_do_not_matter() -> None:
    base = sg.modulated(X, WEIGHT, STYLE)

    np.testing.assert_allclose(sg.modulated(X, WEIGHT, 50 * STYLE), base, atol=1e-6)
    np.testing.assert_allclose(sg.modulated(X, WEIGHT * np.exp(rng.normal(size=(6, 1, 1, 1))), STYLE), base, atol=1e-6)


def test_outputs_have_unit_variance_for_independent_inputs_and_the_known_one_for_correlated() -> None:
    fields = rng.normal(size=(400, 4, 12, 12))
    out = np.stack([sg.modulated(x, WEIGHT, STYLE) for x in fields])
    np.testing.assert_allclose(out.var((0, 2, 3)), 1, atol=0.05)

    correlation = 0.3
    common = rng.normal(size=(20_000, 1, 1, 1))
    mixed = np.sqrt(correlation) * common + np.sqrt(1 - correlation) * rng.normal(size=(20_000, 4, 3, 3))
    centre = np.stack([sg.modulated(x, WEIGHT, STYLE)[:, 1, 1] for x in mixed[:20_000:4]])
    np.testing.assert_allclose(centre.var(0), sg.output_variance(WEIGHT, STYLE, correlation), rtol=0.12)


def test_instance_normalisation_sets_statistics_exactly_and_hides_a_spike() -> None:
    scale, shift = np.exp(rng.normal(size=4)), rng.normal(size=4)
    y = sg.adain(X, scale, shift)
    np.testing.assert_allclose(y.mean((1, 2)), shift)
    np.testing.assert_allclose(y.std((1, 2)), scale)

    spiked = X.copy()
    spiked[0, 0, 0] = 1000.0
    quiet = sg.adain(spiked, scale, shift)[0, 1:, 1:]
    assert quiet.std() < 0.05 * y[0, 1:, 1:].std()  # one spike shrinks the rest of the map: the droplets


def test_a_bank_of_kernels_is_mixed_by_a_softmax() -> None:
    bank, choice = rng.normal(size=(3, 6, 4, 3, 3)), rng.normal(size=3)
    share = np.exp(choice) / np.exp(choice).sum()

    np.testing.assert_allclose(sg.select(bank, choice), sum(s * kernel for s, kernel in zip(share, bank, strict=True)))


def test_filters_are_those_of_the_signal_library() -> None:
    # scipy.signal.firwin(numtaps=12, cutoff=2, width=12, fs=32) and (24, 16, width=8, fs=128), first half
    twelve = [0.0007919, 0.01001832, 0.03894952, 0.09241279, 0.15652562, 0.20130185]
    many = [0.00480221, 0.0147039, 0.01841543, 0.00948521, -0.01177168, -0.03540409]
    many += [-0.04459818, -0.02378194, 0.03184962, 0.11094494, 0.18862711, 0.23672746]

    np.testing.assert_allclose(sg.low_pass(12, 2, 12, 32)[:6], twelve, atol=1e-8)
    np.testing.assert_allclose(sg.low_pass(24, 16, 8, 128)[:12], many, atol=1e-8)
    for kernel in (sg.low_pass(12, 2, 12, 32), sg.low_pass(24, 16, 8, 128)):
        np.testing.assert_allclose(kernel, kernel[::-1])
        assert kernel.sum() == pytest.approx(1)


def test_moving_a_band_limited_signal_is_exact() -> None:
    place = np.arange(16)
    wave = np.cos(2 * np.pi * 3 * place / 16 + 0.4)

    np.testing.assert_allclose(sg.move(wave, 0.3), np.cos(2 * np.pi * 3 * (place - 0.3) / 16 + 0.4), atol=1e-12)


def test_linear_operations_move_with_the_signal_and_the_filtered_path_keeps_the_place() -> None:
    signals = sg.band_limited(5, 64, 16, rng)
    kept = np.stack([sg.filtered(x, lambda v: v, 2, 12, 24.0, 16.0) for x in signals])

    np.testing.assert_allclose(kept, signals, atol=0.02)
    assert sg.equivariance(lambda x: sg.filtered(x, lambda v: v, 2, 6, 20.0, 24.0), signals) > 60
    assert sg.equivariance(lambda x: x + np.roll(x, 3), signals) > 200


def test_layers_are_those_of_the_reference_code_s_log() -> None:
    names = [f"L{i}_{layer['size']}_{layer['channels']}" for i, layer in enumerate(sg.alias_free_layers(256))]
    expected = "L0_36_512 L1_36_512 L2_36_512 L3_52_512 L4_52_512 L5_84_512 L6_84_512 L7_148_512 L8_148_512 "
    expected += "L9_148_362 L10_276_256 L11_276_181 L12_276_128 L13_256_128 L14_256_3"

    assert names == expected.split()
    first = sg.alias_free_layers(1024)[0]
    assert (first["cutoff"], first["rate"], first["half_width"]) == (2, 16, 16 / 2 - 2)
    for layer in sg.alias_free_layers(1024):
        assert layer["cutoff"] + layer["half_width"] >= layer["rate"] / 2 - 1e-9


def test_the_generator_is_counted_to_the_last_parameter() -> None:
    assert sg.parameters(1024) == 30_370_060  # printed by the reference code
    assert (
        sg.parameters(4, depth=8) == 8 * 262_656 + 16 * 512 + (512 * 512 * 9 + 262_656 + 512 + 1) + 1536 + 262_656 + 3
    )


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/classic/stylegan.json").read_text(encoding="utf-8"))

    assert sg.experiment() == stored
    assert list(stored["doubling"].values()) == sorted(stored["doubling"].values())
    assert stored["spread"][0][1:] == [1.0, 1.0, 1.0]


def test_turning_pictures_hides_nothing_unless_all_are_turned() -> None:
    shares = np.array([0.6, 0.1, 0.3, 0.0])
    for chance in (0.0, 0.3, 0.9):
        matrix = np.stack([sg.shown(row, chance) for row in np.eye(4)])
        assert np.linalg.matrix_rank(matrix) == 4
        np.testing.assert_allclose(np.linalg.solve(matrix.T, sg.shown(shares, chance)), shares, atol=1e-12)
        assert np.linalg.eigvalsh(matrix)[0] == pytest.approx(1 - chance)
    np.testing.assert_allclose(sg.shown(shares, 1.0), 0.25)


def test_the_probability_of_augmentation_follows_the_critic() -> None:
    sure, unsure = np.ones(32), np.array([1.0, -1.0] * 16)

    assert sg.adapt(0.2, sure, 32) == pytest.approx(0.2 + 32 * 4 / 500_000)
    assert sg.adapt(0.2, unsure, 32) < 0.2
    assert sg.adapt(0.0, unsure, 32) == 0
