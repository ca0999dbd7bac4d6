"""Figures of docs/architectures/llms/index.md."""

from __future__ import annotations

from archfigures import Axis, Chart, figure
from archfigures.data import DOCS

TOKENS = 131_072
KINDS = ("own heads", "shared heads", "windows", "latent", "hybrid", "compressed")
MODELS = {
    "llama-2-13b": (0, "Llama 2 13B", 9, -11, "middle"),
    "llama-2-70b": (1, "Llama 2 70B", 9, -11, "middle"),
    "mixtral-8x7b": (1, "Mixtral 8x7B", 0, 19, "middle"),
    "jamba-v0.1": (4, "Jamba", 0, 19, "middle"),
    "deepseek-v2": (3, "DeepSeek-V2", -4, 19, "middle"),
    "llama-3.1-405b": (1, "Llama 3.1 405B", 0, -11, "middle"),
    "olmo-2-13b": (0, "OLMo 2 13B", 0, -11, "middle"),
    "deepseek-v3": (3, "DeepSeek-V3", 4, 19, "middle"),
    "minimax-text-01": (4, "MiniMax-Text-01", 0, 19, "middle"),
    "gemma-3-27b": (2, "Gemma 3 27B", 0, -11, "middle"),
    "qwen3-235b-a22b": (1, "Qwen3 235B", 0, 19, "middle"),
    "kimi-k2": (3, "Kimi K2", 0, -11, "middle"),
    "glm-4.5": (1, "GLM-4.5", 0, -11, "middle"),
    "gpt-oss-120b": (2, "gpt-oss-120b", 0, -11, "middle"),
    "qwen3-next-80b-a3b": (4, "Qwen3-Next", 0, 19, "middle"),
    "minimax-m2": (1, "MiniMax-M2", 10, 4, "start"),
    "kimi-linear-48b-a3b": (4, "Kimi Linear", -9, 4, "end"),
    "nemotron-3-nano-30b-a3b": (4, "Nemotron 3 Nano", 0, 19, "middle"),
    "deepseek-v3.2": (3, "DeepSeek-V3.2", 8, 19, "middle"),
    "glm-5": (3, "GLM-5", 8, -11, "middle"),
    "qwen3.5-397b-a17b": (4, "Qwen3.5 397B", 0, 19, "middle"),
    "deepseek-v4-pro": (5, "DeepSeek-V4 Pro", 16, 19, "middle"),
    "nemotron-3-ultra-550b-a55b": (4, "Nemotron 3 Ultra", -8, -11, "middle"),
    "minimax-m3": (1, "MiniMax-M3", 0, -11, "middle"),
    "kimi-k3": (4, "Kimi K3", 9, 7, "start"),
    "hy4-preview": (3, "Hy4", -9, 4, "end"),
    "deepseek-v4.1-flash": (5, "DeepSeek-V4.1 Flash", -10, 4, "end"),
    "mistral-large-4": (3, "Mistral Large 4", 10, 0, "start"),
    "muse-spark-open": (2, "Muse Spark Open", 10, 8, "start"),
    "beam-1.0-501b-a23b": (2, "Beam 1.0", 10, 4, "start"),
}
"""Models, what their layers keep (an index into `KINDS`), and where each name stands relative to its point."""


def _year(released: str) -> float:
    year, month, *_ = (int(part) for part in released.split("-"))
    return year + (month - 0.5) / 12


@figure(
    "llms/index/cache-by-date",
    title="Cache of one long text, by the date of the design",
    desc="Each point is an open model: across, its release from 2023 to 2026; upwards, on a logarithmic scale, the "
    "cache of 131,072 tokens in bf16. Models with a key and a value for each head lie near 100 GiB, shared heads "
    "between 15 and 65, latents and windows between 4 and 12, hybrids from 5 down to below 1, compressed attention "
    "from 1 down to 0.4.",
)
def cache_by_date() -> Chart:
    # Inside, because archdata draws with this package.
    from archdata import models

    chart = Chart(
        Axis("released", 2023.3, 2027.6, ticks={float(year): str(year) for year in range(2024, 2027)}),
        Axis(
            "GiB at 131,072 tokens",
            0.3,
            160,
            log=True,
            ticks={1.0: "1", 3.0: "3", 10.0: "10", 30.0: "30", 100.0: "100"},
        ),
        height=430,
    )
    for key, (kind, name, dx, dy, anchor) in MODELS.items():
        model = models.get(DOCS, key)
        x, y = _year(model.released), 2 * model.decoder.cached(TOKENS) / 2**30
        chart.points([x], [y], series=kind, r=5)
        chart.note(name, x, y, dx=dx, dy=dy, anchor=anchor)
    for kind, name in enumerate(KINDS):
        chart.points([], [], series=kind, label=name)
    return chart
