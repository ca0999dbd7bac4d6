"""Counts equal those of real implementations; caches and states equal published values."""

import json
from pathlib import Path

import pytest
from archdata import formulas, models, networks
from examples import DOCS

MODELS = models.load(DOCS)
MEASURED = json.loads(Path(__file__).with_name("counts.json").read_text(encoding="utf-8"))["counts"]


@pytest.mark.parametrize("key", sorted(MEASURED))
def test_parameters_equal_the_implementations_to_the_last_one(key: str) -> None:
    model = MODELS[key]
    counted = model.decoder.parameters if model.kind == "decoder" else networks.parameters(model.config)

    assert counted == MEASURED[key]


def test_everything_that_is_counted_was_measured() -> None:
    assert {key for key, model in MODELS.items() if model.is_counted} == set(MEASURED)


@pytest.mark.parametrize(
    ("key", "kib"),
    [("llama-2-70b", 320), ("llama-2-7b", 512), ("mixtral-8x7b", 128), ("llama-3-8b", 128), ("jamba-v0.1", 16)],
)
def test_cache_for_a_token_in_bf16(key: str, kib: int) -> None:
    assert formulas.bytes_of(MODELS[key].decoder.cached_per_token, "bf16") == kib * 1024


def test_latent_attention_caches_latent_and_rotary_key() -> None:
    decoder = MODELS["deepseek-v3"].decoder

    assert {layer.mixer.cached_per_token for layer in decoder.layers} == {512 + 64}


def test_a_window_bounds_the_cache_and_the_compute() -> None:
    decoder = MODELS["mistral-7b"].decoder

    assert decoder.cached(4096) == decoder.cached(100_000) == 4096 * decoder.cached_per_token
    assert formulas.flops_per_token(decoder, 4096) == formulas.flops_per_token(decoder, 100_000)


def test_a_recurrent_state_does_not_grow() -> None:
    decoder = MODELS["mamba-2.8b"].decoder

    assert decoder.cached_per_token == 0
    assert decoder.cached(10) == decoder.cached(10_000) == decoder.state == 64 * 5120 * (16 + 4)


def test_flops_are_twice_the_multiplied_parameters_and_the_attention() -> None:
    decoder = MODELS["llama-2-7b"].decoder
    embedding = 32000 * 4096

    assert formulas.flops_per_token(decoder, 0) == 2 * (decoder.parameters - embedding)
    assert formulas.flops_per_token(decoder, 1000) - formulas.flops_per_token(decoder, 0) == 4 * 32 * 4096 * 1000


def test_training_takes_six_operations_for_each_parameter_and_token() -> None:
    assert formulas.training_flops(7, 11) == 462


def test_image_tokens() -> None:
    assert formulas.image_tokens(224, 224, 16, extra=1) == 197
    assert formulas.image_tokens(336, 336, 14) == 576
    assert formulas.image_tokens(448, 448, 14, merge=2) == 256
    with pytest.raises(ValueError, match="do not divide"):
        formulas.image_tokens(225, 224, 16)


def test_audio_positions() -> None:
    assert formulas.audio_positions(30, 100, stride=2) == 1500


def test_a_prompt_is_the_sum_of_its_tokens() -> None:
    for key in ("mistral-7b", "jamba-v0.1", "deepseek-v3"):
        decoder = MODELS[key].decoder
        tokens = [formulas.flops_per_token(decoder, t) for t in range(1, 6)]
        assert formulas.prefill_flops(decoder, 5) == sum(tokens)


def test_the_roof_is_the_slower_of_computing_and_reading() -> None:
    assert formulas.roofline_seconds(6, 10, peak=3, bandwidth=10) == 2
    assert formulas.roofline_seconds(6, 10, peak=30, bandwidth=1) == 10
    assert formulas.arithmetic_intensity(6, 3) == 2


def test_one_token_touches_its_experts_and_many_touch_all() -> None:
    assert formulas.experts_touched(256, 8, 1) == pytest.approx(8)
    assert formulas.experts_touched(256, 8, 10_000) == pytest.approx(256)
    assert formulas.experts_touched(2, 1, 2) == pytest.approx(1.5)


def test_reading_for_one_token_is_what_is_multiplied_and_for_many_every_expert() -> None:
    decoder = MODELS["mixtral-8x7b"].decoder
    embedding = 32000 * 4096

    assert formulas.weights_read(decoder, 1) == pytest.approx(decoder.multiplied_parameters)
    assert formulas.weights_read(decoder, 10_000) == pytest.approx(decoder.parameters - embedding)


def test_activations_of_a_dense_layer_written_out() -> None:
    d, heads, groups, size, inner, layers = 4096, 32, 8, 128, 14336, 32
    decoder = MODELS["llama-3.1-8b"].decoder
    a_layer = 4 * d + (2 * heads + 2 * groups) * size + 3 * inner

    assert formulas.activations_per_token(decoder) == layers * a_layer
    assert formulas.checkpointed_activations_per_token(decoder) == layers * d + a_layer


def test_activations_of_other_layers_are_refused() -> None:
    with pytest.raises(ValueError, match="are counted for attention"):
        formulas.activations_per_token(MODELS["mamba-2.8b"].decoder)


def test_adam_in_mixed_precision_takes_sixteen_bytes() -> None:
    assert formulas.optimiser_bytes(10) == 160
