"""Networks of diffusion and flow models: parameters of DiT, PixArt, MMDiT, FLUX, Z-Image, Qwen-Image, Wan and U-Nets.

The network that removes noise is counted alone, without encoders of text and without the autoencoder. Arguments have
the names of the fields in a model's file. Fixed tables of positions are not counted.
"""

from __future__ import annotations

from collections.abc import Sequence

from archdata.formulas.encoders import linear

_FREQUENCIES = 256
"""Sinusoids of the time step before its two-layer network."""


def _time(width: int) -> int:
    return linear(_FREQUENCIES, width) + linear(width, width)


def _two_layers(inside: int, width: int) -> int:
    return linear(inside, width) + linear(width, width)


def _ffn(width: int, inner: int) -> int:
    return linear(width, inner) + linear(inner, width)


def _attention(width: int) -> int:
    return 4 * linear(width, width)


def dit(width: int, layers: int, patch: int, latent_channels: int, classes: int = 1000, embedders: int = 1) -> int:
    """DiT with adaLN-Zero (arXiv 2212.09748): noise and its variance are predicted, one class is "none".

    `embedders` is how often the embeddings of time and class are kept: once in the published code, once in each layer
    in diffusers.
    """
    cells = patch * patch * latent_channels
    conditions = _time(width) + (classes + 1) * width
    layer = linear(width, 6 * width) + _attention(width) + _ffn(width, 4 * width)
    last = linear(width, 2 * width) + linear(width, 2 * cells)
    return linear(cells, width) + embedders * conditions + layers * layer + last


def pixart(width: int, layers: int, patch: int, latent_channels: int, text_width: int = 0, sizes: bool = False) -> int:
    """PixArt-alpha (arXiv 2310.00426): one modulation for all layers, a table in each, text by cross-attention.

    `sizes`: image size and aspect ratio are embedded too, as in the models of 1,024 px.
    """
    cells = patch * patch * latent_channels
    modulation = _time(width) + linear(width, 6 * width)
    shape = 2 * (linear(_FREQUENCIES, width // 3) + linear(width // 3, width // 3)) if sizes else 0
    text = _two_layers(text_width, width) if text_width else 0
    layer = 6 * width + 2 * _attention(width) + _ffn(width, 4 * width)
    return linear(cells, width) + modulation + shape + text + layers * layer + 2 * width + linear(width, 2 * cells)


def mmdit(
    width: int,
    layers: int,
    patch: int,
    latent_channels: int,
    text_width: int,
    pooled_width: int,
    head_norm: int = 0,
    dual_layers: int = 0,
) -> int:
    """Stable Diffusion 3's MMDiT (arXiv 2403.03206): weights of their own for image and text, attention over both.

    The last layer gives no text. Version 3.5 has norms of size `head_norm` on queries and keys; its medium size has a
    second attention over the image alone in the first `dual_layers` layers.
    """
    cells = patch * patch * latent_channels
    outside = linear(cells, width) + _time(width) + _two_layers(pooled_width, width) + linear(text_width, width)
    stream = linear(width, 6 * width) + _attention(width) + _ffn(width, 4 * width)
    whole = 2 * stream + 4 * head_norm
    lost = linear(width, 4 * width) + linear(width, width) + _ffn(width, 4 * width)
    dual = linear(width, 3 * width) + _attention(width) + 2 * head_norm
    last = linear(width, 2 * width) + linear(width, cells)
    return outside + layers * whole - lost + dual_layers * dual + last


def flux(
    width: int,
    head_size: int,
    double_layers: int,
    single_layers: int,
    patch: int,
    latent_channels: int,
    text_width: int,
    pooled_width: int,
    guided: bool = True,
) -> int:
    """FLUX.1: double blocks as in MMDiT, then single blocks that treat image and text alike.

    `guided`: the strength of guidance is embedded as time is, in the distilled model. Source: diffusers 0.42
    models/transformers/transformer_flux.py.
    """
    cells = patch * patch * latent_channels
    outside = linear(cells, width) + _time(width) * (1 + guided) + _two_layers(pooled_width, width)
    outside += linear(text_width, width)
    double = 2 * (linear(width, 6 * width) + _attention(width) + _ffn(width, 4 * width)) + 4 * head_size
    single = linear(width, 3 * width) + 3 * linear(width, width) + linear(width, 4 * width) + linear(5 * width, width)
    last = linear(width, 2 * width) + linear(width, cells)
    return outside + double_layers * double + single_layers * (single + 2 * head_size) + last


def flux2(
    width: int,
    head_size: int,
    double_layers: int,
    single_layers: int,
    patch: int,
    latent_channels: int,
    text_width: int,
    guided: bool = True,
) -> int:
    """FLUX.2: FLUX.1's two kinds of block without biases, gated, and modulated alike in all blocks of a kind.

    A single block reads queries, keys, values and both halves of its gated network by one map. Source: diffusers 0.42
    models/transformers/transformer_flux2.py.
    """
    cells, square, inner = patch * patch * latent_channels, width * width, 3 * width
    outside = cells * width + text_width * width + (1 + guided) * (_FREQUENCIES * width + square)
    modulation = (2 * 6 + 3) * square
    double = 2 * (4 * square + 3 * width * inner + 2 * head_size)
    single = 3 * square + 2 * width * inner + (width + inner) * width + 2 * head_size
    return outside + modulation + double_layers * double + single_layers * single + 2 * square + width * cells


def z_image(
    width: int,
    layers: int,
    head_size: int,
    patch: int,
    latent_channels: int,
    text_width: int,
    refiner_layers: int,
    time_width: int = 256,
) -> int:
    """Z-Image: one stream of text and image, after a few layers for each alone; time modulates all but the text's.

    The gated network is 8/3 of the width wide, and each part of a layer has a norm before and after it. Source:
    diffusers 0.42 models/transformers/transformer_z_image.py.
    """
    cells = patch * patch * latent_channels
    plain = 4 * width * width + 2 * head_size + 3 * width * (width * 8 // 3) + 4 * width
    modulated = plain + linear(time_width, 4 * width)
    time = linear(_FREQUENCIES, 1024) + linear(1024, time_width)
    outside = linear(cells, width) + time + text_width + linear(text_width, width) + 2 * width
    last = linear(time_width, width) + linear(width, cells)
    return outside + (layers + refiner_layers) * modulated + refiner_layers * plain + last


def qwen_image(width: int, layers: int, head_size: int, patch: int, latent_channels: int, text_width: int) -> int:
    """Qwen-Image (arXiv 2508.02324): MMDiT blocks throughout, text from a language model, without a pooled vector."""
    cells = patch * patch * latent_channels
    outside = linear(cells, width) + _time(width) + text_width + linear(text_width, width)
    layer = 2 * (linear(width, 6 * width) + _attention(width) + _ffn(width, 4 * width)) + 4 * head_size
    return outside + layers * layer + linear(width, 2 * width) + linear(width, cells)


def wan(
    width: int,
    layers: int,
    ffn_width: int,
    patch: int,
    latent_channels: int,
    text_width: int,
    input_channels: int = 0,
) -> int:
    """Wan 2.1 and 2.2 (arXiv 2503.20314): one modulation for all layers and a table in each, text by cross-attention.

    A patch is one frame of `patch` by `patch`; `input_channels` where the input has more channels than the output. Of
    Wan 2.2's pair of networks one is counted.
    """
    seen, cells = patch * patch * (input_channels or latent_channels), patch * patch * latent_channels
    outside = linear(seen, width) + _time(width) + linear(width, 6 * width) + _two_layers(text_width, width)
    layer = 6 * width + 2 * (_attention(width) + 2 * width) + 2 * width + _ffn(width, ffn_width)
    return outside + layers * layer + 2 * width + linear(width, cells)


def cogvideox(
    width: int,
    layers: int,
    head_size: int,
    patch: int,
    latent_channels: int,
    text_width: int,
    time_width: int = 512,
    patch_frames: int = 1,
) -> int:
    """CogVideoX (arXiv 2408.06072): one stream of text and video, modulation of its own for either.

    Source: diffusers 0.42 models/transformers/cogvideox_transformer_3d.py; learned positions are left out.
    """
    cells = patch * patch * latent_channels * patch_frames
    outside = linear(cells, width) + linear(text_width, width) + linear(width, time_width)
    outside += linear(time_width, time_width)
    layer = 2 * (linear(time_width, 6 * width) + 2 * width) + _attention(width) + 4 * head_size + _ffn(width, 4 * width)
    last = 2 * width + linear(time_width, 2 * width) + 2 * width + linear(width, cells)
    return outside + layers * layer + last


def hunyuan_video(
    width: int,
    head_size: int,
    double_layers: int,
    single_layers: int,
    patch: int,
    latent_channels: int,
    text_width: int,
    pooled_width: int,
    refiner_layers: int = 2,
) -> int:
    """HunyuanVideo (arXiv 2412.03603): FLUX's blocks over space and time, the text refined by two layers of its own."""
    refiner = linear(text_width, width) + _time(width) + _two_layers(text_width, width)
    refining = 4 * width + _attention(width) + _ffn(width, 4 * width) + linear(width, 2 * width)
    core = flux(
        width, head_size, double_layers, single_layers, patch, latent_channels, text_width, pooled_width, guided=True
    )
    return core - linear(text_width, width) + refiner + refiner_layers * refining


def hunyuan_video_15(
    width: int,
    head_size: int,
    layers: int,
    latent_channels: int,
    input_channels: int,
    text_width: int,
    glyph_width: int,
    image_width: int,
    refiner_layers: int = 2,
) -> int:
    """HunyuanVideo 1.5: double blocks alone, and a second text encoder for letters that are to be seen.

    `glyph_width`: its output's width; `image_width`: that of the encoder of a first image. Source: diffusers 0.42
    models/transformers/transformer_hunyuan_video15.py.
    """
    refining = 4 * width + _attention(width) + _ffn(width, 4 * width) + linear(width, 2 * width)
    text = _time(width) + _two_layers(text_width, width) + linear(text_width, width) + refiner_layers * refining
    glyphs = 2 * glyph_width + _two_layers(glyph_width, 2048) + linear(2048, width)
    image = 2 * image_width + linear(image_width, image_width) + linear(image_width, width) + 2 * width
    outside = linear(input_channels, width) + text + glyphs + image + _time(width) + 3 * width
    stream = linear(width, 6 * width) + _attention(width) + _ffn(width, 4 * width)
    last = linear(width, 2 * width) + linear(width, latent_channels)
    return outside + layers * (2 * stream + 4 * head_size) + last


def ltx2(width: int, sound_width: int, layers: int, latent_channels: int, sound_channels: int, text_width: int) -> int:
    """LTX-2 (arXiv 2601.03233): a tower for the picture and one for sound, each with text by cross-attention.

    In every layer either tower also reads the other, in heads of the sound's size. Source: diffusers 0.42
    models/transformers/transformer_ltx2.py.
    """
    total = 0
    for own, other, channels in ((width, sound_width, latent_channels), (sound_width, width, sound_channels)):
        modulations = sum(_time(own) + linear(own, count * own) for count in (6, 4, 1))
        total += linear(channels, own) + _two_layers(text_width, own) + modulations + 2 * own + linear(own, channels)
        reads = linear(own, sound_width) + 2 * linear(other, sound_width) + linear(sound_width, own) + 2 * sound_width
        total += layers * (2 * (_attention(own) + 2 * own) + reads + _ffn(own, 4 * own) + 11 * own)
    return total


def unet(
    channels: Sequence[int],
    attention_depth: Sequence[int],
    text_width: int,
    latent_channels: int,
    blocks_per_level: int = 2,
    pooled_width: int = 0,
) -> int:
    """The U-Net of Stable Diffusion 1 to XL (arXiv 2112.10752, 2307.01952), text by cross-attention.

    `channels` and `attention_depth`: channels of each level from fine to coarse, and transformer layers after each of
    its residual blocks. `pooled_width`: width of the further vector added to the embedding of time (SDXL: 2,816).
    """
    first, time = channels[0], 4 * channels[0]
    total = linear(9 * latent_channels, first) + linear(first, time) + linear(time, time)
    if pooled_width:
        total += linear(pooled_width, time) + linear(time, time)
    skips, now = [first], first
    for level, (size, depth) in enumerate(zip(channels, attention_depth, strict=True)):
        for _ in range(blocks_per_level):
            total += _residual(now, size, time) + _transformer(size, depth, text_width)
            now = size
            skips.append(now)
        if level < len(channels) - 1:
            total += linear(9 * now, now)
            skips.append(now)
    total += 2 * _residual(now, now, time) + _transformer(now, max(attention_depth[-1], 1), text_width)
    for level, (size, depth) in reversed(list(enumerate(zip(channels, attention_depth, strict=True)))):
        for _ in range(blocks_per_level + 1):
            total += _residual(now + skips.pop(), size, time) + _transformer(size, depth, text_width)
            now = size
        if level:
            total += linear(9 * now, now)
    return total + 2 * first + linear(9 * first, latent_channels)


def _residual(inside: int, outside: int, time: int) -> int:
    """Two norms and convolutions, the embedding of time between them, and a map past them where widths differ."""
    shortcut = linear(inside, outside) if inside != outside else 0
    return (
        2 * inside
        + linear(9 * inside, outside)
        + linear(time, outside)
        + 2 * outside
        + linear(9 * outside, outside)
        + shortcut
    )


def _transformer(width: int, depth: int, text_width: int) -> int:
    """A norm, maps in and out, and layers of attention, cross-attention and a gated feed-forward network."""
    if not depth:
        return 0
    own = 3 * width * width + linear(width, width)
    cross = width * width + 2 * text_width * width + linear(width, width)
    ffn = linear(width, 8 * width) + linear(4 * width, width)
    return 2 * width + 2 * linear(width, width) + depth * (own + cross + ffn + 6 * width)
