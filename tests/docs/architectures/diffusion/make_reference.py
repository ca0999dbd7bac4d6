"""Reference vectors from the diffusers library, for tests that must run without it.

Run by hand, with diffusers and torch installed, from the root of the repository; it rewrites `reference.json`
beside it:

    PYTHONPATH=tests python tests/docs/architectures/diffusion/make_reference.py [part ...]

Every function makes one part, mostly the vectors of a page; the dictionaries hold the inputs beside the outputs. With
names, only those parts are made anew. `edm` needs a clone of NVlabs/edm on the path as well.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest import mock

import diffusers
import numpy as np
import torch
import transformers
from diffusers.guiders.adaptive_projected_guidance import normalized_guidance
from diffusers.guiders.classifier_free_zero_star_guidance import ClassifierFreeZeroStarGuidance
from diffusers.guiders.guider_utils import rescale_noise_cfg
from diffusers.models.attention import BasicTransformerBlock
from diffusers.models.attention_processor import Attention, IPAdapterAttnProcessor2_0
from diffusers.models.resnet import ResnetBlock2D
from diffusers.models.transformers.transformer_flux import FluxSingleTransformerBlock, FluxTransformerBlock
from diffusers.models.transformers.transformer_hunyuan_video_framepack import (
    HunyuanVideoFramepackRotaryPosEmbed,
    HunyuanVideoFramepackTransformer3DModel,
    HunyuanVideoHistoryPatchEmbed,
)
from diffusers.models.transformers.transformer_kandinsky6_sr import _local_patch, nabla_block_mask, sliding_tile_mask
from diffusers.models.transformers.transformer_sana_video import SanaLinearAttnProcessor3_0
from diffusers.models.transformers.transformer_sana_wm import torch_chunk_sana_gdn
from diffusers.pipelines.flux.pipeline_flux import calculate_shift
from diffusers.pipelines.skyreels_v2.pipeline_skyreels_v2_diffusion_forcing import SkyReelsV2DiffusionForcingPipeline
from examples import load
from torch.utils.flop_counter import FlopCounterMode

Vectors = dict[str, Any]

SMALL: dict[str, Any] = {"cross_attention_dim": 768, "attention_head_dim": 8}
LARGE: dict[str, Any] = {
    "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
    "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"],
    "block_out_channels": (320, 640, 1280), "transformer_layers_per_block": (1, 2, 10),
    "cross_attention_dim": 2048, "attention_head_dim": (5, 10, 20), "use_linear_projection": True,
    "addition_embed_type": "text_time", "addition_time_embed_dim": 256,
    "projection_class_embeddings_input_dim": 2816,
}  # fmt: skip
"""Configurations of the U-Nets of Stable Diffusion 1 and of SDXL."""


def _tensor(values: Any) -> torch.Tensor:
    """`[1, n]`: the library wants a batch and at least one more axis."""
    return torch.tensor(np.asarray(values), dtype=torch.float64)[None]


def _round(values: Any) -> list[float]:
    return np.round(np.asarray(values, dtype=float).ravel(), 8).tolist()


def ddpm() -> Vectors:
    """Single steps of DDPMScheduler, its fresh noise replaced by a fixed one."""
    rng = np.random.default_rng(0)
    x, eps, noise = rng.normal(size=(3, 4))
    out: Vectors = {"x": _round(x), "eps": _round(eps), "noise": _round(noise), "steps": []}
    for variance in ("fixed_small", "fixed_large"):
        scheduler = diffusers.DDPMScheduler(clip_sample=False, variance_type=variance)
        for t in (0, 1, 500, 999):
            with mock.patch("diffusers.schedulers.scheduling_ddpm.randn_tensor", return_value=_tensor(noise)):
                step = scheduler.step(_tensor(eps), t, _tensor(x)).prev_sample
            out["steps"].append({"variance": variance, "t": t, "previous": _round(step)})
    return out


def noise_parametrisation() -> Vectors:
    """Cumulative products of the library's schedules, its reading of a velocity, and its shift of flow times."""
    shown = [0, 1, 250, 500, 998, 999]
    named = {
        "linear": {},
        "scaled linear": {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012},
        "cosine": {"beta_schedule": "squaredcos_cap_v2"},
    }
    zero = {**named["scaled linear"], "rescale_betas_zero_snr": True}
    out: Vectors = {"t": shown, "alpha_bar": {}}
    for name, settings in (named | {"scaled linear, zero terminal": zero}).items():
        out["alpha_bar"][name] = _round(diffusers.DDIMScheduler(**settings).alphas_cumprod[shown])
    rng = np.random.default_rng(1)
    x, velocity = rng.normal(size=(2, 4))
    scheduler = diffusers.DDIMScheduler(prediction_type="v_prediction", clip_sample=False)
    scheduler.set_timesteps(1000)
    read = scheduler.step(_tensor(velocity), 700, _tensor(x)).pred_original_sample
    out["velocity"] = {"t": 700, "x": _round(x), "velocity": _round(velocity), "data": _round(read)}
    flow = diffusers.FlowMatchEulerDiscreteScheduler(shift=3.0)
    flow.set_timesteps(sigmas=[1.0, 0.75, 0.5, 0.25])
    edm, data, output = diffusers.EDMEulerScheduler(sigma_data=0.5), *rng.normal(size=(2, 4))
    out["preconditioning"] = [
        {
            "sigma": sigma,
            "x": _round(data),
            "output": _round(output),
            "input": _round(edm.precondition_inputs(_tensor(data), sigma)),
            "data": _round(edm.precondition_outputs(_tensor(data), _tensor(output), torch.tensor(sigma))),
        }
        for sigma in (0.02, 0.5, 40.0)
    ]
    out["shift"] = {"amount": 3.0, "times": [1.0, 0.75, 0.5, 0.25], "shifted": _round(flow.sigmas[:4])}
    return out


def ddim() -> Vectors:
    """Steps of DDIMScheduler with and without fresh noise, its timesteps, and a step of its inverse."""
    rng = np.random.default_rng(2)
    x, eps, noise = rng.normal(size=(3, 4))
    out: Vectors = {"x": _round(x), "eps": _round(eps), "noise": _round(noise), "steps": [], "timesteps": {}}
    for spacing in ("leading", "trailing", "linspace"):
        scheduler = diffusers.DDIMScheduler(clip_sample=False, timestep_spacing=spacing)
        scheduler.set_timesteps(10)
        out["timesteps"][spacing] = scheduler.timesteps.tolist()
    scheduler = diffusers.DDIMScheduler(clip_sample=False, timestep_spacing="leading")
    scheduler.set_timesteps(10)
    for eta in (0.0, 0.5, 1.0):
        for t in (900, 500, 0):
            given = {"eta": eta, "variance_noise": _tensor(noise)} if eta else {}
            previous = scheduler.step(_tensor(eps), t, _tensor(x), **given).prev_sample
            out["steps"].append({"eta": eta, "t": t, "previous": _round(previous)})
    inverse = diffusers.DDIMInverseScheduler(clip_sample=False, timestep_spacing="leading")
    inverse.set_timesteps(10)
    out["inverse"] = {"from": 400, "to": 500, "x": _round(inverse.step(_tensor(eps), 500, _tensor(x)).prev_sample)}
    return out


def samplers() -> Vectors:
    """Whole runs of ten steps with the exact denoiser of the page, at the library's own noise levels."""
    denoise = load("architectures/diffusion/samplers").denoise
    start = np.random.default_rng(3).normal(size=6)
    out: Vectors = {"noise": _round(start), "runs": {}}
    rest = {"use_karras_sigmas": True, "final_sigmas_type": "zero"}
    named = {
        "Euler (DDIM)": (diffusers.EulerDiscreteScheduler(use_karras_sigmas=True), False),
        "Heun": (diffusers.HeunDiscreteScheduler(beta_start=1e-4, beta_end=0.02, use_karras_sigmas=True), False),
        "DPM-Solver++ 2M": (diffusers.DPMSolverMultistepScheduler(**rest), True),
        "UniPC, order 2": (diffusers.UniPCMultistepScheduler(solver_order=2, **rest), True),
    }
    for name, (scheduler, preserving) in named.items():
        scheduler.set_timesteps(10)
        # Heun's list names every inner level twice; samplers that preserve the variance want x_t = alpha_t (...).
        levels = list(dict.fromkeys(float(sigma) for sigma in scheduler.sigmas))
        x = _tensor(start) * levels[0]
        if preserving:
            x = x / np.sqrt(1 + levels[0] ** 2)
        sigmas = [float(sigma) for sigma in scheduler.sigmas]
        for index, t in enumerate(scheduler.timesteps):
            sigma = sigmas[index]
            if name == "Heun" and index % 2:  # the second evaluation of a step is at its end
                sigma = sigmas[index + 1]
            scale = np.sqrt(1 + sigma**2) if preserving else 1.0
            wide = (x[0] * scale).numpy()
            eps = (wide - denoise(wide, sigma)) / sigma
            x = scheduler.step(_tensor(eps), t, x).prev_sample
        out["runs"][name] = {"sigmas": _round(levels), "data": _round(x)}
    return out


def runs() -> Vectors:
    """Every state of whole runs of ten steps: DDPM, DDIM, ancestral Euler, single-step DPM-Solver++ and flow Euler."""
    rng = np.random.default_rng(13)
    start, noises = rng.normal(size=6), rng.normal(size=(10, 6))
    out: Vectors = {"noise": _round(start), "fresh": [_round(noise) for noise in noises]}
    ddpm_page, ddim_page = load("architectures/diffusion/ddpm"), load("architectures/diffusion/ddim")

    def states(scheduler: Any, x: Any, model: Any, where: str = "") -> list[list[float]]:
        found = []
        for index, t in enumerate(scheduler.timesteps):
            given = (_tensor(model(x[0].double().numpy(), index, t)), t, x)
            target = f"diffusers.schedulers.{where or 'scheduling_ddpm'}.randn_tensor"
            with mock.patch(target, return_value=_tensor(noises[index])):
                x = scheduler.step(*given).prev_sample
            found.append(_round(x))
        return found

    for variance in ("fixed_small", "fixed_large"):
        scheduler = diffusers.DDPMScheduler(clip_sample=False, variance_type=variance)
        scheduler.set_timesteps(10)
        bar = scheduler.alphas_cumprod.double().numpy()
        out[f"DDPM, {variance}"] = states(
            scheduler, _tensor(start),
            lambda x, _, t, bar=bar: ddpm_page.exact_noise(x[:, None], bar[t] ** 0.5, (1 - bar[t]) ** 0.5)[:, 0],
        )  # fmt: skip
    scheduler = diffusers.DDIMScheduler(clip_sample=False)
    scheduler.set_timesteps(10)
    bar = scheduler.alphas_cumprod.double().numpy()
    out["DDIM"] = states(
        scheduler, _tensor(start), lambda x, _, t: ddim_page.exact_noise(x, bar[t] ** 0.5, (1 - bar[t]) ** 0.5)
    )
    denoise = load("architectures/diffusion/samplers").denoise
    noisy = diffusers.EulerAncestralDiscreteScheduler()
    noisy.set_timesteps(10)
    sigmas = [float(sigma) for sigma in noisy.sigmas]
    out["ancestral"] = {
        "sigmas": _round(sigmas),
        "states": states(
            noisy, _tensor(start) * sigmas[0], lambda x, i, _: (x - denoise(x, sigmas[i])) / sigmas[i],
            "scheduling_euler_ancestral_discrete",
        ),
    }  # fmt: skip
    for order in (1, 2):
        single = diffusers.DPMSolverSinglestepScheduler(
            solver_order=order, use_karras_sigmas=True, final_sigmas_type="zero", lower_order_final=True
        )
        single.set_timesteps(10)
        levels = [float(sigma) for sigma in single.sigmas]

        def noise_of(x: Any, i: int, _: Any, levels: list[float] = levels) -> Any:
            wide = x * np.sqrt(1 + levels[i] ** 2)
            return (wide - denoise(wide, levels[i])) / levels[i]

        first = _tensor(start) * levels[0] / np.sqrt(1 + levels[0] ** 2)
        where = "scheduling_dpmsolver_singlestep"
        out[f"DPM-Solver++ {order}S"] = {"sigmas": _round(levels), "states": states(single, first, noise_of, where)}
    velocity = load("architectures/diffusion/flow-matching").marginal_velocity
    flow = diffusers.FlowMatchEulerDiscreteScheduler(shift=3.0)
    flow.set_timesteps(sigmas=np.linspace(1, 0.1, 10).tolist())
    times = [float(sigma) for sigma in flow.sigmas]
    out["flow"] = {
        "times": _round(times),
        "states": states(flow, _tensor(start), lambda x, i, _: velocity(x, times[i])),
    }
    moving = diffusers.FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True)
    out["FLUX"] = []
    for tokens in (256, 1024, 4096):
        mu = calculate_shift(tokens)
        moving.set_timesteps(sigmas=[1.0, 0.75, 0.5, 0.25], mu=mu)
        out["FLUX"].append({"tokens": tokens, "times": _round(moving.sigmas[:4])})
    return out


def noisy() -> Vectors:
    """Every state of a run of DPM-Solver++ 2M SDE, one step of Euler with `s_churn`, and the levels of two spacings."""
    rng = np.random.default_rng(17)
    start, noises = rng.normal(size=6), rng.normal(size=(10, 6))
    out: Vectors = {"noise": _round(start), "fresh": [_round(noise) for noise in noises]}
    denoise = load("architectures/diffusion/samplers").denoise
    solver = diffusers.DPMSolverMultistepScheduler(
        algorithm_type="sde-dpmsolver++", use_karras_sigmas=True, final_sigmas_type="zero"
    )
    solver.set_timesteps(10)
    sigmas = [float(sigma) for sigma in solver.sigmas]
    x = _tensor(start) * sigmas[0] / np.sqrt(1 + sigmas[0] ** 2)
    states = []
    for index, t in enumerate(solver.timesteps):
        wide = (x[0] * np.sqrt(1 + sigmas[index] ** 2)).double().numpy()
        eps = (wide - denoise(wide, sigmas[index])) / sigmas[index]
        x = solver.step(_tensor(eps), t, x, variance_noise=_tensor(noises[index])).prev_sample
        states.append(_round(x))
    out["2M SDE"] = {"sigmas": _round(sigmas), "states": states}
    euler = diffusers.EulerDiscreteScheduler(use_karras_sigmas=True)
    euler.set_timesteps(10)
    euler.is_scale_input_called = True
    sigmas = [float(sigma) for sigma in euler.sigmas]
    x = start * sigmas[0]
    eps = (x - denoise(x, sigmas[0])) / sigmas[0]
    with mock.patch("diffusers.schedulers.scheduling_euler_discrete.randn_tensor", return_value=_tensor(noises[0])):
        step = euler.step(_tensor(eps), euler.timesteps[0], _tensor(x), s_churn=2.0).prev_sample
    out["Euler with s_churn"] = {"sigmas": _round(sigmas[:2]), "share": 2.0 / 10, "state": _round(step)}
    for schedule in ("karras", "exponential"):
        levels = diffusers.EDMEulerScheduler(sigma_schedule=schedule)
        levels.set_timesteps(10)
        out[schedule] = _round(levels.sigmas)
    return out


def edm() -> Vectors:
    """Whole runs of the sampler of NVlabs/edm (generate.py), without and with churn, on the page's denoiser."""
    from generate import edm_sampler

    page = load("architectures/diffusion/samplers")

    class Net:
        sigma_min, sigma_max = 0.0, float("inf")
        round_sigma = staticmethod(torch.as_tensor)

        def __call__(self, x: torch.Tensor, sigma: torch.Tensor, labels: Any = None) -> torch.Tensor:
            return torch.tensor(page.denoise(x[0].numpy(), float(sigma)))[None]

    rng = np.random.default_rng(18)
    start, noises = rng.normal(size=6), rng.normal(size=(12, 6))
    out: Vectors = {"noise": _round(start), "fresh": [_round(noise) for noise in noises]}
    for name, settings in (("Heun", {}), ("churn", {"S_churn": 40, "S_min": 0.05, "S_max": 50, "S_noise": 1.003})):
        left = iter(noises)
        end = edm_sampler(
            Net(), _tensor(start), randn_like=lambda _, left=left: _tensor(next(left)), num_steps=12, **settings
        )
        out[name] = _round(end)
    return out


def few_steps() -> Vectors:
    """Every state of FlowMatchLCMScheduler and of FlowMapEulerDiscreteScheduler, driven by the page's ideal jumps."""
    page = load("architectures/diffusion/distillation")
    rng = np.random.default_rng(19)
    start, noises = rng.normal(size=6), rng.normal(size=(4, 6))
    times = [0.999, 0.75, 0.5, 0.25]
    out: Vectors = {"noise": _round(start), "fresh": [_round(noise) for noise in noises], "times": [*times, 0.0]}
    jumps = diffusers.FlowMatchLCMScheduler()
    jumps.set_timesteps(sigmas=times)
    x, out["LCM"] = _tensor(start), []
    for index, t in enumerate(jumps.timesteps):
        now = times[index]
        velocity = (x[0].double().numpy() - page.consistency(x[0].double().numpy(), now)) / now
        with mock.patch(
            "diffusers.schedulers.scheduling_flow_match_lcm.randn_tensor", return_value=_tensor(noises[index])
        ):
            x = jumps.step(_tensor(velocity), t, x).prev_sample
        out["LCM"].append(_round(x))
    along = diffusers.FlowMapEulerDiscreteScheduler()
    x, out["flow map"] = _tensor(start), []
    for now, then in pairwise([*times, 0.0]):
        mean = page.mean_velocity(x[0].double().numpy(), then, now)
        x = along.step(_tensor(mean), 1000 * now, x, r_timestep=1000 * then).prev_sample
        out["flow map"].append(_round(x))
    return out


def data_ward() -> Vectors:
    """A run of MiniMaxH3Scheduler: time runs from noise at 0 to data at 1, and the velocity points to the data."""
    page = load("architectures/diffusion/flow-matching")
    start = np.random.default_rng(20).normal(size=6)
    scheduler = diffusers.MiniMaxH3Scheduler(shift=12.0)
    scheduler.set_timesteps(9)
    x, states = _tensor(start), []
    for t in scheduler.timesteps:
        x = scheduler.step(_tensor(-page.marginal_velocity(x[0].double().numpy(), 1 - float(t))), t, x).prev_sample
        states.append(_round(x))
    return {"noise": _round(start), "times": _round(scheduler.timesteps), "states": states}


def dit() -> Vectors:
    """A block with the page's weights, and the size of DiT-XL/2 without the embedders that each block repeats."""
    page = load("architectures/diffusion/dit")
    block = BasicTransformerBlock(
        16, 4, 4, norm_type="ada_norm_zero", num_embeds_ada_norm=10, attention_bias=True,
        activation_fn="gelu-approximate", norm_elementwise_affine=False, norm_eps=1e-6,
    ).double()  # fmt: skip
    names = {
        "q": "attn1.to_q", "k": "attn1.to_k", "v": "attn1.to_v", "o": "attn1.to_out.0",
        "up": "ff.net.0.proj", "down": "ff.net.2", "modulation": "norm1.linear",
    }  # fmt: skip
    _fill(block, names, page.weights(16, np.random.default_rng(0), modulation=1.0))
    x, condition = np.random.default_rng(1).normal(size=(6, 16)), np.random.default_rng(2).normal(size=16)
    embedder = mock.patch.object(block.norm1.emb, "forward", return_value=_tensor(condition))
    with torch.no_grad(), embedder:
        out = block(_tensor(x), timestep=torch.zeros(1), class_labels=torch.zeros(1))
    with torch.device("meta"):
        whole = diffusers.DiTTransformer2DModel(out_channels=8)  # noise and variance
    repeated = _size(whole.transformer_blocks[0].norm1.emb)
    total = _size(whole) - (len(whole.transformer_blocks) - 1) * repeated
    return {"block": _round(out), "DiT-XL/2": total}


def _fill(module: torch.nn.Module, names: dict[str, str], weights: dict[str, Any]) -> None:
    """Copy a page's matrices, `[in, out]`, and biases into the library's linear layers, `[out, in]`."""
    for ours, theirs in names.items():
        layer = module.get_submodule(theirs)
        with torch.no_grad():
            layer.weight.copy_(torch.tensor(weights[ours].T))
            layer.bias.copy_(torch.tensor(weights[ours + "_bias"]))


def latent_diffusion() -> Vectors:
    """Sizes of the parts of Stable Diffusion 1, from their configurations and without any weights."""
    widths = (128, 256, 512, 512)
    text = transformers.CLIPTextConfig(hidden_size=768, intermediate_size=3072, num_attention_heads=12)
    with torch.device("meta"):
        vae = diffusers.AutoencoderKL(
            block_out_channels=widths, layers_per_block=2,
            down_block_types=["DownEncoderBlock2D"] * 4, up_block_types=["UpDecoderBlock2D"] * 4,
        )  # fmt: skip
        parts = {
            "text encoder": transformers.CLIPTextModel(text),
            "U-Net": diffusers.UNet2DConditionModel(cross_attention_dim=768, attention_head_dim=8),
        }
    counts = {name: _size(part) for name, part in parts.items()}
    counts["encoder"] = _size(vae.encoder) + _size(vae.quant_conv)
    counts["decoder"] = _size(vae.decoder) + _size(vae.post_quant_conv)
    return counts


def mmdit() -> Vectors:
    """A double and a single block of FLUX with the page's weights, and the sizes of whole models."""
    page = load("architectures/diffusion/mmdit")
    rng = np.random.default_rng(4)
    text, image, condition = rng.normal(size=(3, 16)), rng.normal(size=(5, 16)), rng.normal(size=16)
    double, single = FluxTransformerBlock(16, 4, 4).double(), FluxSingleTransformerBlock(16, 4, 4).double()
    names = {"q": "to_q", "k": "to_k", "v": "to_v", "o": "to_out.0"}
    added = {"q": "add_q_proj", "k": "add_k_proj", "v": "add_v_proj", "o": "to_add_out"}
    for attention, suffix in ((names, ""), (added, "_context")):
        theirs = {ours: f"attn.{name}" for ours, name in attention.items()}
        theirs |= {"up": f"ff{suffix}.net.0.proj", "down": f"ff{suffix}.net.2", "modulation": f"norm1{suffix}.linear"}
        seed = 6 if suffix else 5
        _fill(double, theirs, page.weights(page.stream_shapes(16), np.random.default_rng(seed)))
    theirs = {ours: f"attn.{name}" for ours, name in names.items() if ours != "o"}
    theirs |= {"up": "proj_mlp", "down": "proj_out", "modulation": "norm.linear"}
    _fill(single, theirs, page.weights(page.single_shapes(16), np.random.default_rng(7)))
    given = (_tensor(image), _tensor(text), _tensor(condition))
    with torch.no_grad():
        (text_out, image_out), both = double(*given), torch.cat(single(*given), dim=1)
    with torch.device("meta"):
        sizes = {
            "FLUX.1 [dev]": _size(diffusers.FluxTransformer2DModel(guidance_embeds=True)),
            "Qwen-Image": _size(diffusers.QwenImageTransformer2DModel()),
        }
    return {"text": _round(text_out), "image": _round(image_out), "single": _round(both), "sizes": sizes}


def sizes() -> Vectors:
    """Parameters by the classes' defaults of transformers whose sizes pages state themselves, by page."""
    named = {
        "mmdit": [
            "Krea2Transformer2DModel", "Ideogram4Transformer2DModel", "NucleusMoEImageTransformer2DModel",
        ],
        "video": ["MiniMaxH3Transformer3DModel"],
    }  # fmt: skip
    with torch.device("meta"):
        return {page: {name: _size(getattr(diffusers, name)()) for name in names} for page, names in named.items()}


def unet() -> Vectors:
    """A residual block with the page's weights; size and multiply-adds of the U-Nets, without any weights."""
    page = load("architectures/diffusion/unet")
    weights = page.random_weights(8, 12, 6, np.random.default_rng(8))
    block = ResnetBlock2D(in_channels=8, out_channels=12, temb_channels=6, groups=4, eps=1e-6).double()
    with torch.no_grad():
        for ours, theirs in (("norm1", block.norm1), ("norm2", block.norm2)):
            theirs.weight.copy_(torch.tensor(weights[ours][0]))
        for ours, theirs in (("conv1", block.conv1), ("conv2", block.conv2)):
            theirs.weight.copy_(torch.tensor(weights[ours][0].transpose(3, 2, 0, 1)))
        block.time_emb_proj.weight.copy_(torch.tensor(weights["time"][0].T))
        block.conv_shortcut.weight.copy_(torch.tensor(weights["skip"][0].T[:, :, None, None]))
        layers = {"norm1": block.norm1, "norm2": block.norm2, "conv1": block.conv1, "conv2": block.conv2}
        for ours, layer in (layers | {"time": block.time_emb_proj, "skip": block.conv_shortcut}).items():
            layer.bias.copy_(torch.tensor(weights[ours][1]))
        x, time = np.random.default_rng(9).normal(size=(6, 5, 8)), np.random.default_rng(10).normal(size=6)
        out = block(torch.tensor(x.transpose(2, 0, 1))[None], _tensor(time))[0].permute(1, 2, 0)
    result: Vectors = {"block": _round(out)}
    for name, settings, side in (("Stable Diffusion 1", SMALL, 64), ("SDXL", LARGE, 128)):
        with torch.device("meta"), torch.no_grad(), FlopCounterMode(display=False) as counter:
            model = diffusers.UNet2DConditionModel(**settings)
            extra = {"text_embeds": torch.zeros(1, 1280), "time_ids": torch.zeros(1, 6)} if side == 128 else None
            text = torch.zeros(1, 77, settings["cross_attention_dim"])
            model(torch.zeros(1, 4, side, side), torch.zeros(1), text, added_cond_kwargs=extra)
        result[name] = {"parameters": _size(model), "multiply-adds": counter.get_total_flops() // 2}
    return result


def discrete() -> Vectors:
    """What DiscreteDDIMScheduler's three routes make of one token: q(x_s | x_t, x_0) of the uniform process."""
    symbols, steps, out = 3, 8, []
    scheduler = diffusers.DiscreteDDIMScheduler(num_inference_steps=steps)
    for index in (1, 4, 6):
        for now in (0, 2):
            routes: list[torch.Tensor] = []

            def draw(weights: torch.Tensor, num_samples: int, *, seen: list[torch.Tensor] = routes, **_: Any) -> Any:
                seen.append(weights)
                return weights.argmax(-1, keepdim=True)

            logits = torch.tensor([[[9.0, 0.0, 0.0]]])  # the prediction is token 0
            with mock.patch("torch.multinomial", draw):
                scheduler.step(logits, index, torch.tensor([[now]]))
            clean, stay, noise = routes[-1].flatten().tolist()
            token = np.full(symbols, noise / symbols)
            token[0] += clean
            token[now] += stay
            out.append({"kept": [(index + 1) / steps, index / steps], "now": now, "data": 0, "token": _round(token)})
    return {"posterior": out}


def language_models() -> Vectors:
    """Which places EntropyBoundScheduler accepts, at a temperature of one, for three bounds."""
    logits = np.random.default_rng(11).normal(size=(10, 5)) * np.linspace(0.5, 8, 10)[:, None]
    out: Vectors = {"logits": _round(logits), "shape": [10, 5], "accepted": {}}
    for bound in (0.1, 0.5, 2.0):
        scheduler = diffusers.EntropyBoundScheduler(entropy_bound=bound, t_max=1.0, t_min=1.0)
        step = scheduler.step(_tensor(logits), 0, torch.zeros(1, 10, dtype=torch.long))
        out["accepted"][str(bound)] = step.accepted_index[0].int().tolist()
    return out


def video() -> Vectors:
    """Size of Wan 14B, its multiply-adds for a clip, without any weights; the times of its sampler."""
    with torch.device("meta"), torch.no_grad(), FlopCounterMode(display=False) as counter:
        model = diffusers.WanTransformer3DModel()
        model(torch.zeros(1, 16, 21, 60, 104), torch.zeros(1), torch.zeros(1, 512, 4096))
    out: Vectors = {"parameters": _size(model), "multiply-adds": counter.get_total_flops() // 2, "sigmas": {}}
    for shift in (5.0, 12.0):
        flow = {"prediction_type": "flow_prediction", "use_flow_sigmas": True, "flow_shift": shift}
        scheduler = diffusers.UniPCMultistepScheduler(**flow)
        scheduler.set_timesteps(40)
        out["sigmas"][str(shift)] = _round(scheduler.sigmas)
    return out


def long_video() -> Vectors:
    """FramePack's packed history and its rotations; linear attention of SANA-Video; the delta rule of SANA-WM."""
    rng = np.random.default_rng(17)
    embed = HunyuanVideoHistoryPatchEmbed(16, 4).double()
    sizes = ((2, "latents_clean"), (2, "latents_clean_2x"), (16, "latents_clean_4x"))
    with torch.no_grad():
        parts = embed(**{name: torch.zeros(1, 16, frames, 60, 104).double() for frames, name in sizes})
    rotary = HunyuanVideoFramepackRotaryPosEmbed(2, 1, [16, 56, 56])
    pad = HunyuanVideoFramepackTransformer3DModel._pad_rotary_emb
    turns = pad(mock.MagicMock(), rotary(torch.arange(3, 19), 16, 16, torch.device("cpu")), 8, 8, (4, 4, 4))

    attention = Attention(query_dim=8, heads=1, dim_head=8, bias=False, processor=SanaLinearAttnProcessor3_0()).double()
    with torch.no_grad():
        for layer in (attention.to_q, attention.to_k, attention.to_v, attention.to_out[0]):
            layer.weight.copy_(torch.eye(8))
        attention.to_out[0].bias.zero_()
        x, angle = rng.normal(size=(12, 8)), rng.uniform(0, 3, size=(12, 4))
        pairs = [torch.tensor(np.repeat(f(angle), 2, axis=1))[None, :, None] for f in (np.cos, np.sin)]
        linear = attention(_tensor(x), rotary_emb=tuple(pairs))

    q, k = np.abs(rng.normal(size=(2, 12, 4)))
    v, beta, decay = rng.normal(size=(12, 4)), rng.uniform(size=(3, 4)), rng.uniform(0.5, 1, size=3)
    by_channel = [torch.tensor(array.T)[None, None] for array in (q, k, v, q, k)]
    gates = torch.tensor(beta)[None, None], torch.tensor(decay)[None, None]
    above, below = torch_chunk_sana_gdn(*by_channel, *gates, chunk_size=2, return_components=True)
    waves = {}
    for blocks, steps, lag in ((5, 30, 5), (4, 6, 2), (3, 4, 0)):
        template, owner = torch.arange(steps, 0, -1), mock.MagicMock()
        schedule = SkyReelsV2DiffusionForcingPipeline.generate_timestep_matrix(owner, blocks, template, blocks, lag)
        waves[f"{blocks} {steps} {lag}"] = schedule[0].flatten().tolist()
    return {
        "waves": waves,
        "tokens": [part.shape[1] for part in parts],
        "turns": [_round(turn.reshape(4, 2, 2, -1)[:, 0, 0, :16]) for turn in turns],
        "x": _round(x), "angle": _round(angle), "linear": _round(linear),
        "q": _round(q), "k": _round(k), "v": _round(v), "beta": _round(beta), "decay": _round(decay),
        "numerator": _round(above[0, 0].T), "denominator": _round(below),
    }  # fmt: skip


def video_sparse_attention() -> Vectors:
    """The order of tiles, the window of tiles and the chosen blocks of Kandinsky 6, for blocks of 2 x 2 tokens."""
    shape, tile = (2, 4, 6), (1, 2, 2)
    q, k = np.random.default_rng(18).normal(size=(2, 48, 4))
    window = sliding_tile_mask(2, 2, 3, (3, 1, 3), torch.device("cpu"))
    order = _local_patch(torch.arange(48).reshape(shape), shape, tile)
    heads = [torch.tensor(2 * x)[None, None] for x in (q, k)]
    chosen = {
        name: nabla_block_mask(*heads, prior, thr=0.8, block_size=4).to_dense()[0, 0].int().flatten().tolist()
        for name, prior in (("chosen", torch.zeros_like(window)), ("chosen and window", window))
    }
    return {"q": _round(q), "k": _round(k), "order": order.flatten().tolist(),
            "window": window.int().flatten().tolist(), **chosen}  # fmt: skip


def guidance() -> Vectors:
    """Guidance in the library's amended forms, of one pair of predictions."""
    with_condition, without = np.random.default_rng(13).normal(size=(2, 12))
    scale, pair = 5.0, (_tensor(with_condition), _tensor(without))
    fitted = ClassifierFreeZeroStarGuidance(guidance_scale=scale, zero_init_steps=0)
    fitted.set_state(step=1, num_inference_steps=10, timestep=torch.tensor(500))
    plain = pair[1] + scale * (pair[0] - pair[1])
    projected = normalized_guidance(*pair, scale - 1, eta=0.3, use_original_formulation=True)
    return {
        "with": _round(with_condition),
        "without": _round(without),
        "scale": scale,
        "rescaled by 0.6": _round(rescale_noise_cfg(plain, pair[0], 0.6)),
        "projected, 0.3 kept": _round(projected),
        "fitted": _round(fitted.forward(*pair).pred),
    }


def control() -> Vectors:
    """IP-Adapter's attention with the page's weights; sizes of ControlNets and adapters, without any weights."""
    rng = np.random.default_rng(12)
    x, text, image = rng.normal(size=(5, 8)), rng.normal(size=(7, 6)), rng.normal(size=(4, 6))
    weights = {
        name: rng.normal(size=(6 if name[0] in "kv" else 8, 8)) for name in ("q", "k", "v", "k image", "v image")
    }
    weights |= {"o": rng.normal(size=(8, 8)), "o bias": rng.normal(size=8)}
    processor = IPAdapterAttnProcessor2_0(8, 6, num_tokens=(4,), scale=0.7)
    layer = Attention(8, cross_attention_dim=6, heads=2, dim_head=4, processor=processor).double()
    with torch.no_grad():
        names = {"q": layer.to_q, "k": layer.to_k, "v": layer.to_v, "o": layer.to_out[0]}
        names |= {"k image": layer.processor.to_k_ip[0], "v image": layer.processor.to_v_ip[0]}
        for name, module in names.items():
            module.weight.copy_(torch.tensor(weights[name].T))
        layer.to_out[0].bias.copy_(torch.tensor(weights["o bias"]))
        out = layer(_tensor(x), (_tensor(text), [_tensor(image)[:, None]]))
    result: Vectors = {"attention": _round(out)}
    for name, settings in (("Stable Diffusion 1", SMALL), ("SDXL", LARGE)):
        rest = {key: value for key, value in settings.items() if key != "up_block_types"}
        with torch.device("meta"):
            model, copy = diffusers.UNet2DConditionModel(**settings), diffusers.ControlNetModel(**rest)
        layers = [module for path, module in model.named_modules() if path.endswith(("attn1", "attn2"))]
        across = [module for path, module in model.named_modules() if path.endswith("attn2")]
        matrices = [m.weight for a in layers for m in (a.to_q, a.to_k, a.to_v, a.to_out[0])]
        result[name] = {
            "model": _size(model),
            "ControlNet": _size(copy),
            "new keys and values": sum(a.to_k.weight.numel() + a.to_v.weight.numel() for a in across),
            "LoRA, rank 1": sum(sum(matrix.shape) for matrix in matrices),
        }
    return result


def _size(module: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


PAGES = [
    ddpm, noise_parametrisation, ddim, samplers, runs, dit, latent_diffusion, mmdit, unet, discrete, language_models,
    video, long_video, video_sparse_attention, control, guidance, noisy, edm, few_steps, data_ward, sizes,
]  # fmt: skip


def main() -> None:
    path = Path(__file__).with_name("reference.json")
    how = f"diffusers {diffusers.__version__}, torch {torch.__version__}, by {Path(__file__).name}"
    old = json.loads(path.read_text(encoding="utf-8")) if sys.argv[1:] else {}
    new = {page.__name__: page() for page in PAGES if not sys.argv[1:] or page.__name__ in sys.argv[1:]}
    path.write_text(json.dumps(old | {"made": how} | new, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
