"""Figures of docs/architectures/llms/open-2024-2026.md."""

from __future__ import annotations

from archfigures import Axis, Chart, figure
from archfigures.data import DOCS

TOKENS = 131_072
PLACES = {
    "llama-3.1-405b": (0, -12, "middle"),
    "qwen3-32b": (10, 4, "start"),
    "gemma-3-27b": (-10, 4, "end"),
    "olmo-2-13b": (10, 4, "start"),
    "deepseek-v2": (-10, 16, "middle"),
    "deepseek-v3": (10, 4, "start"),
    "qwen3-235b-a22b": (-10, 4, "end"),
    "gpt-oss-120b": (0, -12, "middle"),
    "qwen3-next-80b-a3b": (10, 4, "start"),
    "jamba-v0.1": (10, 4, "start"),
    "minimax-m2": (0, -11, "middle"),
    "kimi-linear-48b-a3b": (-5, 18, "start"),
    "glm-5": (0, -11, "middle"),
    "qwen3.5-397b-a17b": (-4, 18, "start"),
    "nemotron-3-super-120b-a12b": (0, -11, "middle"),
    "deepseek-v4-flash": (10, 4, "start"),
    "deepseek-v4-pro": (10, 4, "start"),
    "deepseek-v4.1-flash": (10, 4, "start"),
    "kimi-k3": (10, 4, "start"),
    "beam-1.0-501b-a23b": (10, 0, "start"),
    "mistral-large-4": (10, 4, "start"),
}
"""Models, and where each name stands relative to its point."""


@figure(
    "llms/open-2024-2026/compute-and-cache",
    title="Active parameters against cache for twenty-one open designs",
    desc="Each point is a model: across, the parameters used for a token; upwards, the cache of one text of 131,072 "
    "tokens in bf16. Dense models with full attention lie towards the upper right. Mixtures of experts lie further "
    "left; designs with latent attention or windows lower, and those with recurrent layers or compression lowest.",
)
def compute_and_cache() -> Chart:
    # Inside, because archdata draws with this package.
    from archdata import models

    chart = Chart(
        Axis(
            "active parameters",
            2e9,
            8e11,
            log=True,
            ticks={3e9: "3B", 1e10: "10B", 3e10: "30B", 1e11: "100B", 4e11: "400B"},
        ),
        Axis(
            "cache at 131,072 tokens, GiB",
            0.25,
            160,
            log=True,
            ticks={0.3: "0.3", 1.0: "1", 3.0: "3", 10.0: "10", 30.0: "30", 100.0: "100"},
        ),
        height=430,
        right=30,
    )
    for key, (dx, dy, anchor) in PLACES.items():
        model = models.get(DOCS, key)
        size, cache = model.active_parameters, 2 * model.decoder.cached(TOKENS) / 2**30
        chart.points([size], [cache], series=1 if "experts" in model.config else 0, r=5)
        chart.note(model.name.replace(" (language part)", ""), size, cache, dx=dx, dy=dy, anchor=anchor)
    chart.points([], [], series=0, label="dense")
    chart.points([], [], series=1, label="mixture of experts")
    return chart
