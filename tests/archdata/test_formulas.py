"""Counts equal those of real implementations; caches and states equal published values."""

import json
from pathlib import Path

import pytest
from archdata import decoders, formulas, models, networks
from archdata.errors import DataError
from examples import DOCS

MODELS = models.load(DOCS)
CLASSES = json.loads(Path(__file__).with_name("classes.json").read_text(encoding="utf-8"))["classes"]
MEASURED = json.loads(Path(__file__).with_name("counts.json").read_text(encoding="utf-8"))["counts"]


@pytest.mark.parametrize("key", sorted(MEASURED))
def test_parameters_equal_the_implementations_to_the_last_one(key: str) -> None:
    model = MODELS[key]
    counted = model.decoder.parameters if model.kind == "decoder" else networks.parameters(model.config)

    assert counted == MEASURED[key]


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_parameters_equal_those_of_configuration_classes(name: str) -> None:
    assert decoders.decoder(CLASSES[name]["config"]).parameters == CLASSES[name]["parameters"]


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


def test_training_on_sequences_costs_six_a_parameter_and_half_of_all_pairs() -> None:
    decoder, length = MODELS["llama-2-7b"].decoder, 4096
    parameters = decoder.parameters - 32000 * 4096
    all_pairs = 12 * 32 * 32 * 128 * length  # layers, heads, size of a head

    found = formulas.training_flops_per_token(decoder, length)

    assert found == 6 * parameters + all_pairs / 2 * (1 + 1 / length)


def test_image_tokens() -> None:
    assert formulas.image_tokens(224, 224, 16, extra=1) == 197
    assert formulas.image_tokens(336, 336, 14) == 576
    assert formulas.image_tokens(448, 448, 14, merge=2) == 256
    with pytest.raises(ValueError, match="do not divide"):
        formulas.image_tokens(225, 224, 16)


def test_audio_positions() -> None:
    assert formulas.audio_positions(30, 100, stride=2) == 1500


def test_a_prompt_is_the_sum_of_its_tokens() -> None:
    for key in ("mistral-7b", "jamba-v0.1", "deepseek-v3.2"):
        decoder = MODELS[key].decoder
        tokens = [formulas.flops_per_token(decoder, t) for t in range(1, 6)]
        assert formulas.prefill_flops(decoder, 5) == sum(tokens)


def test_a_prompt_is_read_with_latents_expanded() -> None:
    decoder = MODELS["deepseek-v3"].decoder
    pairs = 1000 * 1001 // 2
    expanded = 2 * decoder.multiplied_parameters * 1000 + 61 * 128 * 2 * (128 + 64 + 128) * pairs

    assert formulas.prefill_flops(decoder, 1000) == expanded
    assert formulas.prefill_flops(decoder, 1000) < sum(formulas.flops_per_token(decoder, t) for t in range(1, 1001))


def test_the_roof_is_the_slower_of_computing_and_reading() -> None:
    assert formulas.roofline_seconds(6, 10, peak=3, bandwidth=10) == 2
    assert formulas.roofline_seconds(6, 10, peak=30, bandwidth=1) == 10
    assert formulas.arithmetic_intensity(6, 3) == 2


def test_one_token_touches_its_experts_and_many_touch_all() -> None:
    assert formulas.experts_touched(256, 8, 1) == pytest.approx(8)
    assert formulas.experts_touched(256, 8, 10_000) == pytest.approx(256)
    assert formulas.experts_touched(2, 1, 2) == pytest.approx(1.5)


def test_experts_as_wide_as_half_the_model_have_granularity_four_and_thinner_ones_more() -> None:
    assert formulas.granularity(4096, 2048) == 4
    assert formulas.granularity(4096, 512) == 16


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


def test_orthogonalising_takes_three_products_an_iteration() -> None:
    # 3 x 7: X X^T is 3 x 7 x 3, its square 3 x 3 x 3, the product with X 3 x 3 x 7; two operations each.
    once = 2 * (3 * 7 * 3 + 3 * 3 * 3 + 3 * 3 * 7)

    assert formulas.newton_schulz_flops(3, 7, steps=1) == once
    assert formulas.newton_schulz_flops(7, 3) == 5 * once
    assert formulas.newton_schulz_flops(10, 10) / (6 * 10 * 10) == pytest.approx(5 * 10)  # five widths of tokens


@pytest.mark.parametrize("key", ["llama-3.1-8b", "llama-3.1-405b", "deepseek-v3", "kimi-k2"])
def test_matrices_of_the_layers_are_all_but_tables_norms_and_biases(key: str) -> None:
    config, decoder = MODELS[key].config, MODELS[key].decoder
    latents = (config.get("query_latent", 0) + config["latent"]) if "latent" in config else 0
    routers = (config["layers"] - config["dense_layers"]) * config["experts"] if "experts" in config else 0
    norms = config["layers"] * (2 * config["width"] + latents) + config["width"]
    tables = 2 * config["vocabulary"] * config["width"]

    found = sum(one.weights for one in formulas.hidden_matrices(config))

    assert found == decoder.parameters - tables - norms - routers


def test_muons_operations_grow_with_the_matrices_and_with_the_iterations() -> None:
    small, large = MODELS["llama-3.1-8b"].config, MODELS["llama-3.1-405b"].config

    assert formulas.muon_flops(small, 10) == 2 * formulas.muon_flops(small)
    # A layer of 8B written out: two square matrices, two of 1,024 x 4,096, three of 4,096 x 14,336.
    shapes = [(4096, 4096)] * 2 + [(1024, 4096)] * 2 + [(4096, 14336)] * 3
    assert formulas.muon_flops(small) == 32 * 5 * sum(4 * n * n * m + 2 * n**3 for n, m in shapes)
    assert formulas.muon_flops(large) > 100 * formulas.muon_flops(small)


def test_matrices_of_other_layers_are_refused() -> None:
    with pytest.raises(ValueError, match="are listed for layers of attention"):
        formulas.hidden_matrices(MODELS["mamba-2.8b"].config)


@pytest.mark.parametrize(
    ("key", "each", "grows", "state"),
    [
        # Written out from the published configurations: numbers for each token, with windows full, and the state.
        ("deepseek-v3.2", 61 * (512 + 64 + 128), 61 * (512 + 64 + 128), 0),
        ("gpt-oss-20b", 24 * 2 * 8 * 64, 12 * 2 * 8 * 64, 0),
        ("gemma-3-27b", 62 * 2 * 16 * 128, 10 * 2 * 16 * 128, 0),
        ("gemma-4-31b", 50 * 2 * 16 * 256 + 10 * 2 * 4 * 512, 10 * 2 * 4 * 512, 0),
        ("gemma-4-e2b", 12 * 2 * 256 + 3 * 2 * 512, 3 * 2 * 512, 0),
        ("llama-4-scout", 48 * 2 * 8 * 128, 12 * 2 * 8 * 128, 0),
        ("longcat-flash", 56 * 576, 56 * 576, 0),
        ("kimi-linear-48b-a3b", 7 * 576, 7 * 576, 20 * (32 * 128 * 128 + 3 * 4096 * 4)),
        ("qwen3-next-80b-a3b", 12 * 2 * 2 * 256, 12 * 2 * 2 * 256, 36 * (32 * 128 * 128 + 8192 * 4)),
        ("minimax-text-01", 10 * 2 * 8 * 128, 10 * 2 * 8 * 128, 70 * 64 * 128 * 128),
        ("recurrentgemma-2b", 8 * 2 * 256, 0, 18 * 2560 * 4),
        ("falcon-h1-7b", 44 * 2 * 2 * 128, 44 * 2 * 2 * 128, 44 * (3072 * 256 + (3072 + 2 * 256) * 4)),
        ("zamba2-7b", 13 * 2 * 32 * 224, 13 * 2 * 32 * 224, 81 * (7168 * 64 + (7168 + 4 * 64) * 4)),
        ("nemotron-h-56b", 10 * 2 * 8 * 128, 10 * 2 * 8 * 128, 54 * (16384 * 256 + (16384 + 2 * 8 * 256) * 4)),
        ("xlstm-7b", 0, 0, 32 * 8 * (256 * 512 + 256 + 1)),
        ("llada-8b", 0, 0, 0),
    ],
)
def test_caches_and_states_written_out(key: str, each: int, grows: int, state: int) -> None:
    decoder = MODELS[key].decoder

    assert (decoder.cached_per_token, decoder.growth_per_token, decoder.state) == (each, grows, state)
    assert decoder.cached(1_000_001) - decoder.cached(1_000_000) == grows


def test_compressed_attention_keeps_a_window_and_groups() -> None:
    config = MODELS["deepseek-v4-flash"].config
    decoder, tokens = MODELS["deepseek-v4-flash"].decoder, 4 * 128 * 100
    kinds = MODELS["deepseek-v4-flash"].kinds
    csa, hca = kinds.count("csa"), kinds.count("hca")

    assert (csa, hca, kinds.count("window")) == (21, 20, 2)
    expected = 43 * 512 * 128 + csa * (512 + 128) * tokens // 4 + hca * 512 * tokens // 128
    assert decoder.cached(tokens) == expected
    assert config["index_chosen"] == 512


def test_sparse_attention_bounds_the_work_of_attention_but_not_that_of_its_indexer() -> None:
    decoder = MODELS["deepseek-v3.2"].decoder
    more = formulas.flops_per_token(decoder, 200_000) - formulas.flops_per_token(decoder, 100_000)

    assert more == 61 * 2 * 64 * (128 + 1) * 100_000


def test_a_selection_that_is_reused_costs_no_indexer() -> None:
    """GLM-5.2 against GLM-5, which has the same layers with an indexer in each."""
    shared, each = MODELS["glm-5.2"].decoder, MODELS["glm-5"].decoder
    indexer = 2048 * 32 * 128 + 6144 * 128 + 2 * 128 + 6144 * 32
    more = formulas.flops_per_token(shared, 200_000) - formulas.flops_per_token(shared, 100_000)

    assert MODELS["glm-5.2"].kinds.count("reused") == 57
    assert each.parameters - shared.parameters == 57 * indexer
    assert each.cached(1000) - shared.cached(1000) == 57 * 128 * 1000
    assert more == 21 * 2 * 32 * (128 + 1) * 100_000


def test_a_selection_of_blocks_reads_no_more_than_its_budget() -> None:
    decoder = MODELS["minimax-m3"].decoder
    more = formulas.flops_per_token(decoder, 200_000) - formulas.flops_per_token(decoder, 100_000)
    full, indexed = decoder.layers[2].mixer, decoder.layers[3].mixer

    assert more == (3 * 4 * 64 * 128 + 57 * 2 * 4 * 128) * 100_000
    assert decoder.cached(1000) == 1000 * (60 * 2 * 4 * 128 + 57 * 128)
    assert sum(reach.at(2048) for reach in indexed.work[:1]) == sum(reach.at(2048) for reach in full.work)  # type: ignore[union-attr]


def test_shared_blocks_are_stored_once_and_used_as_often_as_they_stand() -> None:
    decoder = MODELS["zamba2-7b"].decoder
    width, inner = 3584, 32 * 224
    block = 3 * 2 * width * inner + inner * width + 3 * width * 14336 + 3 * width

    assert decoder.multiplied_parameters == decoder.active_parameters + 11 * block


def test_towers_and_experts_that_return_their_input_are_not_used_for_a_text_token() -> None:
    qwen, longcat = MODELS["qwen3-vl-8b"], MODELS["longcat-flash"]

    assert qwen.decoder.parameters - qwen.decoder.active_parameters == decoders.towers(qwen.config) > 5e8
    assert longcat.decoder.layers[0].ffn.parameters(6144) - longcat.decoder.layers[1].ffn.parameters(6144) == (  # type: ignore[union-attr]
        512 * 3 * 6144 * 2048 + 768 * (6144 + 1)
    )


def test_both_networks_of_a_pair_are_stored_and_one_works() -> None:
    wan = MODELS["wan-2.2-t2v-a14b"]

    assert wan.parameters == 2 * wan.active_parameters == 2 * 14_288_491_584


@pytest.mark.parametrize(
    ("each", "limit", "every", "positions"), [(3, None, 1, 50), (3, 7, 1, 50), (5, None, 4, 50), (5, 6, 4, 50)]
)
def test_a_sum_over_positions_is_the_sum_of_each(each: int, limit: int | None, every: int, positions: int) -> None:
    reach = formulas.Reach(each, limit, every)

    assert reach.summed(positions) == sum(reach.at(position) for position in range(1, positions + 1))
    assert [reach.at(p) for p in (0, every, 40)] == [0, each, each * min(40 // every, limit or 40)]


def test_a_design_without_a_field_it_needs_is_refused() -> None:
    with pytest.raises(KeyError, match="text_width"):
        networks.parameters(
            {"design": "wan", "width": 8, "layers": 1, "ffn_width": 8, "patch": 2, "latent_channels": 4}
        )


@pytest.mark.parametrize("key", ["llama-2-70b", "mixtral-8x7b", "deepseek-v3", "qwen3-next-80b-a3b", "mamba2-2.7b"])
def test_the_parts_of_a_decoder_make_up_the_whole(key: str) -> None:
    decoder = MODELS[key].decoder
    parts = ("embeddings", "mixing", "feed-forward", "norms")
    assert sum(formulas.PARTS[part](decoder) for part in parts) == decoder.parameters


def test_a_mixture_is_made_of_experts_and_routers() -> None:
    decoder, part = MODELS["mixtral-8x7b"].decoder, formulas.PARTS
    assert part["experts"](decoder) + part["routers"](decoder) == part["feed-forward"](decoder)
    assert part["experts"](decoder) == 4 * part["chosen experts"](decoder) == 32 * 8 * formulas.expert(decoder)
    assert part["routers"](decoder) == 32 * 8 * 4096
    assert part["shared experts"](decoder) == 0 < part["shared experts"](MODELS["deepseek-v3"].decoder)


def test_a_layer_is_counted_from_one() -> None:
    decoder = MODELS["deepseek-v3"].decoder  # its first three layers are dense
    assert formulas.layer_feed_forward(decoder, 3) == 3 * 7168 * 18432
    assert formulas.layer_feed_forward(decoder, 4) > 256 * formulas.expert(decoder)
    with pytest.raises(ValueError, match="61 layers"):
        formulas.layer_feed_forward(decoder, 62)
    with pytest.raises(ValueError, match="the first is 1"):
        formulas.layer_mixing(decoder, 0)
    with pytest.raises(ValueError, match="no layer has experts"):
        formulas.expert(MODELS["llama-2-7b"].decoder)


def test_the_state_of_a_layer_is_a_share_of_the_whole() -> None:
    decoder = MODELS["mamba2-2.7b"].decoder
    assert 64 * formulas.layer_state(decoder, 1) == decoder.state


def test_a_model_with_other_values_is_another_model() -> None:
    model = MODELS["llama-2-70b"]
    assert model.changed(kv_heads=64).decoder.cached_per_token == 8 * model.decoder.cached_per_token
    with pytest.raises(DataError, match='unknown field of llama-2-70b "kv_head"'):
        model.changed(kv_head=64)


def test_a_token_reads_all_that_is_cached_unless_positions_are_selected() -> None:
    dense, selected, latent = (MODELS[key].decoder for key in ("llama-3.1-8b", "minimax-m3", "deepseek-v3.2"))
    assert dense.read(50_000) == dense.cached(50_000)
    assert selected.read(131_072) == 3 * 1024 * 131_072 + 57 * (128 * 131_072 + 1024 * 2048)
    assert selected.read(2048) == selected.cached(2048)
    assert latent.read(131_072) == 61 * (128 * 131_072 + 576 * 2048)


def test_a_layer_without_a_cache_of_its_own_reads_that_of_another() -> None:
    decoder = MODELS["gemma-3n-e2b"].decoder
    assert decoder.read(1000) > decoder.cached(1000)


def test_compressed_attention_reads_its_window_the_chosen_groups_and_every_index_key() -> None:
    mixer = formulas.CompressedAttention(64, 512, 1024, 8, 1024, 128, 4, 64, 128, 512)
    assert mixer.read(40_000) == 512 * 128 + 512 * 512 + 128 * 10_000
    assert mixer.read(400) == 512 * 128 + 512 * 100 + 128 * 100


def test_what_a_token_sends_to_its_experts() -> None:
    deepseek, nemotron = MODELS["deepseek-v3"].decoder, MODELS["nemotron-3-super-120b-a12b"]
    assert formulas.expert_layers(deepseek) == 61 - 3
    assert formulas.exchanged(deepseek) == 58 * 8 * 7168
    narrow = nemotron.value("expert_latent") * nemotron.value("experts_chosen")
    assert formulas.exchanged(nemotron.decoder) == formulas.expert_layers(nemotron.decoder) * narrow


def test_the_share_of_mixing_grows_with_the_text_to_nearly_all() -> None:
    decoder = MODELS["llama-3.1-8b"].decoder
    mixing = 4 * 32 * 32 * 128 * 8192
    assert formulas.mixing_share(decoder, 8192) == mixing / formulas.flops_per_token(decoder, 8192)
    assert formulas.mixing_share(decoder, 1) < 0.001 < 0.95 < formulas.mixing_share(decoder, 10**7)


def test_drafting_pays_as_far_as_tokens_are_kept() -> None:
    assert formulas.tokens_per_pass(0.5, 2) == 1.75
    assert formulas.tokens_per_pass(1, 4) == 5
    assert formulas.speculative_gain(0.8, 4, draft=0.05) == pytest.approx((1 - 0.8**5) / 0.2 / 1.2)
    assert formulas.speculative_gain(0, 4, draft=0.05) < 1


def test_matrices_of_experts_leave_their_biases_out() -> None:
    decoder = MODELS["gpt-oss-120b"].decoder
    assert formulas.PARTS["expert matrices"](decoder) == 36 * 128 * 3 * 2880 * 2880
    assert formulas.PARTS["experts"](decoder) == 36 * 128 * (3 * 2880 * 2880 + 3 * 2880)


def test_adapters_on_experts() -> None:
    assert formulas.expert_adapter(MODELS["qwen3-30b-a3b"].decoder, 16) == 16 * 48 * 128 * 3 * (2048 + 768)
    assert formulas.expert_adapter(MODELS["llama-2-7b"].decoder, 16) == 0
    assert formulas.nf4_bits() == pytest.approx(4.127, abs=0.0005)


def test_writing_reads_the_weights_for_each_step_and_caches_that_grow() -> None:
    decoder = MODELS["qwen3-14b"].decoder
    table = 151_936 * 5120  # of which a token looks up one row
    one = 2 * (decoder.parameters - table) + decoder.cached_per_token * 2 * 1000 / 2
    assert formulas.bytes_to_write(decoder, 1000) == 1000 * one
    assert formulas.bytes_to_write(decoder, 1000, texts=8) < 8 * formulas.bytes_to_write(decoder, 1000)


def test_sets_of_experts() -> None:
    assert formulas.choose(16, 2) == 120
    with pytest.raises(ValueError, match="10,000"):
        formulas.choose(10_001, 2)
