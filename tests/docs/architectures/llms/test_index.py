"""Reading a configuration file gives the counts of the data, but for the parts that only code names."""

from pathlib import Path

import pytest
from archdata import models
from examples import DOCS, load

page = load("architectures/llms/index")

KEYS = {
    "Llama 3.1 8B": "llama-3.1-8b",
    "Mixtral 8x7B": "mixtral-8x7b",
    "Qwen3 32B": "qwen3-32b",
    "DeepSeek-V3": "deepseek-v3",
    "gpt-oss-20b": "gpt-oss-20b",
}


def sinks_and_biases(layers: int, width: int, heads: int, groups: int, size: int, experts: int) -> int:
    projections = (heads + 2 * groups) * size + width
    inside_experts = experts * (2 * width + width)
    return layers * (projections + heads + experts + inside_experts)


@pytest.mark.parametrize(
    ("name", "unsaid"),
    [
        ("Llama 3.1 8B", 0),
        ("Mixtral 8x7B", 0),
        ("Qwen3 32B", 64 * 2 * 128),
        ("DeepSeek-V3", 58 * 256),
        ("gpt-oss-20b", sinks_and_biases(24, 2880, 64, 8, 64, 32)),
    ],
)
def test_what_the_file_does_not_say_is_what_the_page_names(name: str, unsaid: int) -> None:
    assert models.get(Path(DOCS), KEYS[name]).parameters - page.read(page.FILES[name])[0] == unsaid


def test_the_page_prints_what_gpt_oss_leaves_unsaid() -> None:
    text = (Path(DOCS) / "architectures/llms/index.md").read_text(encoding="utf-8")
    assert f"[= {sinks_and_biases(24, 2880, 64, 8, 64, 32)} | number =]" in text


def test_published_totals() -> None:
    # The sizes of the published weights, to the parameter.
    assert page.read(page.FILES["Llama 3.1 8B"])[0] == 8_030_261_248
    assert page.read(page.FILES["Mixtral 8x7B"])[0] == 46_702_792_704


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("tokens", [1, 128, 131_072])
def test_the_cache_is_that_of_the_data(name: str, tokens: int) -> None:
    assert page.kept(page.FILES[name], tokens) == models.get(Path(DOCS), KEYS[name]).decoder.cached(tokens)


def test_tied_embeddings_count_once() -> None:
    config = page.FILES["Llama 3.1 8B"]
    tied = page.read({**config, "tie_word_embeddings": True})[0]
    assert page.read(config)[0] - tied == config["vocab_size"] * config["hidden_size"]


@pytest.mark.parametrize(
    ("key", "full", "of"),
    [
        ("llama-4-maverick", 1, 4),
        ("qwen3.5-397b-a17b", 1, 4),
        ("gemma-2-27b", 1, 2),
        ("gemma-3-27b", 1, 6),
        ("gemma-4-26b-a4b", 1, 6),
        ("minimax-text-01", 1, 8),
        ("olmo-3-32b", 1, 4),
        ("gpt-oss-120b", 1, 2),
    ],
)
def test_patterns_are_as_the_lines_say(key: str, full: int, of: int) -> None:
    kinds = models.get(Path(DOCS), key).kinds
    assert kinds.count("full") == len(kinds) * full // of


@pytest.mark.parametrize(
    ("key", "kind", "count"),
    [
        ("nemotron-h-56b", "full", 10),
        ("nemotron-3-ultra-550b-a55b", "full", 12),
        ("kimi-k3", "full", 24),
        ("beam-1.0-501b-a23b", "full", 9),
        ("muse-spark-open", "full", 16),
        ("glm-5.2", "full", 21),
        ("glm-5.3-flash", "full", 11),
        ("hy4-preview", "full", 21),
        ("mistral-large-4", "borrowed", 9),
        ("qwen3.8-flash-next", "selected", 12),
    ],
)
def test_so_many_layers_are_of_this_kind(key: str, kind: str, count: int) -> None:
    assert models.get(Path(DOCS), key).kinds.count(kind) == count


GB = 10**9
FITS = {
    "12 GB": (12 * GB, ["qwen3.5-9b", "gemma-4-e4b"]),
    "16 GB": (16 * GB, ["gpt-oss-20b", "gemma-3-12b"]),
    "24 GB": (24 * GB, ["qwen3.5-35b-a3b", "nemotron-3-nano-30b-a3b", "gemma-4-26b-a4b"]),
    "80 GB": (80 * GB, ["gpt-oss-120b", "qwen3-next-80b-a3b", "nemotron-3-super-120b-a12b"]),
    "192 GB": (192 * GB, ["deepseek-v4-flash", "minimax-m2"]),
    "eight of 80 GB": (
        8 * 80 * GB,
        [
            "glm-5",
            "qwen3.5-397b-a17b",
            "deepseek-v3.2",
            "kimi-k2",
            "beam-1.0-501b-a23b",
            "hy4-preview",
            "muse-spark-open",
        ],
    ),
    "eight of 141 GB": (8 * 141 * GB, ["deepseek-v4-pro"]),
    "sixteen of 141 GB": (16 * 141 * GB, ["kimi-k3"]),
}


@pytest.mark.parametrize("row", FITS)
def test_what_is_said_to_fit_fits(row: str) -> None:
    text = (Path(DOCS) / "architectures/llms/index.md").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith(f"| {row} |"))
    room, keys = FITS[row]
    assert len(keys) == 1 + len([name for name in line.split("|")[-2].split(",") if name.strip()])
    for key in keys:
        model = models.get(Path(DOCS), key)
        state = model.decoder.cached(131_072) + model.decoder.state
        assert model.parameters * 4.25 / 8 + 2 * state < room
