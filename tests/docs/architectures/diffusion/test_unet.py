"""The residual block agrees with diffusers; parameters and multiply-adds of whole U-Nets are counted exactly."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from examples import DOCS, load

unet = load("architectures/diffusion/unet")
REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))["unet"]


def test_the_residual_block_agrees_with_diffusers() -> None:
    x, time = np.random.default_rng(9).normal(size=(6, 5, 8)), np.random.default_rng(10).normal(size=6)
    out = unet.residual_block(x, time, unet.random_weights(8, 12, 6, np.random.default_rng(8)), groups=4)

    np.testing.assert_allclose(out.ravel(), REFERENCE["block"], atol=1e-7)


def test_edm2_s_layers_keep_the_variance() -> None:
    rng = np.random.default_rng(0)
    a, b, w = rng.normal(size=(64, 64, 48)), rng.normal(size=(64, 64, 12)), rng.normal(size=(3, 3, 48, 40))

    assert unet.conv3(a, 7 * w, 0.0).std() > 50
    assert unet.conv3(a, unet.unit_weights(7 * w), 0.0)[1:-1, 1:-1].std() == pytest.approx(1, abs=0.02)
    assert unet.mix(a[..., :12], b).std() == pytest.approx(1, abs=0.02)
    joined = unet.join(a, b)
    assert joined.std() == pytest.approx(1, abs=0.02)
    assert (joined[..., :48] ** 2).sum() == pytest.approx((joined[..., 48:] ** 2).sum(), rel=0.02)


def test_only_the_outermost_blocks_are_computed_where_deep_features_are_kept() -> None:
    w, _ = unet.walk(**unet.STABLE_DIFFUSION)
    sides = {row[1] for row in w.rows[1:4] + w.rows[-3:]}

    assert sides == {64}
    assert [row[0] for row in w.rows[1:4] + w.rows[-3:]] == ["ends", "down", "down", "up", "up", "ends"]
    assert 0.1 < unet.outermost(w) < 0.2


def test_a_convolution_sees_three_by_three_places() -> None:
    w = np.random.default_rng(0).normal(size=(3, 3, 2, 4))
    x = np.zeros((7, 7, 2))
    x[3, 3, 0] = 1
    touched = np.abs(unet.conv3(x, w, 0.0)).sum(-1) > 0

    assert touched[2:5, 2:5].all()
    assert touched.sum() == 9


def test_down_halves_and_up_doubles() -> None:
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(8, 6, 2)), rng.normal(size=(3, 3, 2, 2))

    assert unet.downsample(x, w, 0.0).shape == (4, 3, 2)
    assert unet.upsample(x, w, 0.0).shape == (16, 12, 2)


def test_group_norm_normalises_each_group() -> None:
    x = 5 + 3 * np.random.default_rng(0).normal(size=(4, 4, 6))
    parts = unet.group_norm(x, 3, 1.0, 0.0).reshape(4, 4, 3, 2)

    np.testing.assert_allclose(parts.mean((0, 1, 3)), 0, atol=1e-12)
    np.testing.assert_allclose(parts.std((0, 1, 3)), 1, atol=1e-5)


@pytest.mark.parametrize("name", ["Stable Diffusion 1", "SDXL"])
def test_counts_are_those_of_the_library_s_models(name: str) -> None:
    w, _ = unet.walk(**{"Stable Diffusion 1": unet.STABLE_DIFFUSION, "SDXL": unet.SDXL}[name])

    assert w.parameters == REFERENCE[name]["parameters"]
    assert sum(row[-1] for row in w.rows) == REFERENCE[name]["multiply-adds"]


def test_every_skip_is_used_and_three_a_level() -> None:
    _, skips = unet.walk(**unet.STABLE_DIFFUSION)
    sides = [side for side, _ in skips]

    assert len(skips) == 12
    assert [sides.count(side) for side in (64, 32, 16, 8)] == [3, 3, 3, 3]


def test_the_stored_counts_are_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/diffusion/unet.json").read_text(encoding="utf-8"))

    for name, shape in (("Stable Diffusion 1", unet.STABLE_DIFFUSION), ("SDXL", unet.SDXL)):
        w, _ = unet.walk(**shape)
        for side, row in unet.by_side(w).items():
            assert stored[name][str(side)] == list(row)


def test_most_of_sdxl_is_transformers(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = np.zeros(2)
    whole = unet.Walk.attention

    def counted(self: Any, *arguments: Any) -> None:
        before = len(self.rows)
        whole(self, *arguments)
        inside.__iadd__(np.array([row[3:] for row in self.rows[before:]]).reshape(-1, 2).sum(0))

    monkeypatch.setattr(unet.Walk, "attention", counted)
    w, _ = unet.walk(**unet.SDXL)
    parameters, work = inside / [w.parameters, sum(row[-1] for row in w.rows)]

    assert 0.8 < parameters < 0.9
    assert 0.75 < work < 0.8
