"""Networks that encode or translate: parameters of BERT, ViT, CLIP, SigLIP, T5, Switch, Whisper, wav2vec 2.0 and kin.

Each function counts the whole network in its plain form, as the class of the transformers library with that name and
no task's head makes it; what differs is said. Arguments have the names of the fields in a model's file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archdata.formulas.vision import VisionTower


def linear(inside: int, outside: int, *, bias: bool = True) -> int:
    """Parameters of a linear map."""
    return inside * outside + outside * bias


def encoder_layers(width: int, layers: int, ffn_width: int, *, key_bias: bool = True) -> int:
    """Layers of attention and a two-matrix feed-forward network with biases and two layer norms each."""
    attention = 4 * width * width + (4 if key_bias else 3) * width
    return layers * (attention + linear(width, ffn_width) + linear(ffn_width, width) + 4 * width)


def bert(width: int, layers: int, ffn_width: int, vocabulary: int, context: int, segments: int = 2) -> int:
    """BERT with its pooler: embeddings of tokens, places and segments, then encoder layers (arXiv 1810.04805)."""
    embeddings = (vocabulary + context + segments) * width + 2 * width
    return embeddings + encoder_layers(width, layers, ffn_width) + linear(width, width)


def modernbert(width: int, layers: int, ffn_width: int, vocabulary: int, *, head: bool = True) -> int:
    """ModernBERT: no biases, GeGLU, norms before both parts but for the first attention (arXiv 2412.13663).

    With `head`, the map, norm and bias of predicting masked words are counted, the output matrix being the embedding.
    """
    layer = 4 * width * width + 3 * width * ffn_width + 2 * width
    predicting = width * width + width + vocabulary
    return vocabulary * width + width + layers * layer - width + width + predicting * head


def vit(
    width: int, layers: int, ffn_width: int, patch: int, image_size: int, pooler: bool = False, classes: int = 0
) -> int:
    """Vision transformer with a class token and learned positions (arXiv 2010.11929), without a head unless asked."""
    places = (image_size // patch) ** 2 + 1
    tower = VisionTower(width, layers, ffn_width, patch, positions=places, class_token=True)
    return tower.parameters + linear(width, width) * pooler + (linear(width, classes) if classes else 0)


def clip(
    width: int,
    layers: int,
    ffn_width: int,
    vocabulary: int,
    context: int,
    projection: int,
    vision: Mapping[str, Any],
) -> int:
    """CLIP: a text and an image encoder, a map from each to one space, and a temperature (arXiv 2103.00020)."""
    text = (vocabulary + context) * width + encoder_layers(width, layers, ffn_width) + 2 * width
    tower = VisionTower(**vision)
    return text + tower.parameters + projection * (width + tower.width) + 1


def siglip(
    width: int, layers: int, ffn_width: int, vocabulary: int, context: int, vision: Mapping[str, Any], projection: int
) -> int:
    """SigLIP: as CLIP, the image pooled by attention from a learned probe; temperature and bias (arXiv 2303.15343)."""
    text = (vocabulary + context) * width + encoder_layers(width, layers, ffn_width) + 2 * width
    tower = VisionTower(**vision)
    pooling = tower.width + 4 * tower.width * tower.width + 4 * tower.width + 2 * tower.width
    pooling += linear(tower.width, tower.ffn_width) + linear(tower.ffn_width, tower.width)
    return text + linear(width, projection) + tower.parameters + pooling + 2


def t5(
    width: int,
    layers: int,
    decoder_layers: int,
    heads: int,
    head_size: int,
    ffn_width: int,
    ffn_matrices: int,
    vocabulary: int,
    tied: bool = True,
    buckets: int = 32,
) -> int:
    """T5: an encoder and a decoder without biases, one table of relative positions in each (arXiv 1910.10683).

    Version 1.1 has a gated feed-forward network (`ffn_matrices` 3) and an output matrix of its own.
    """
    inner, ffn = heads * head_size, ffn_matrices * width * ffn_width
    encoder = layers * (4 * width * inner + ffn + 2 * width)
    decoder = decoder_layers * (8 * width * inner + ffn + 3 * width)
    tables = vocabulary * width * (1 if tied else 2) + 2 * buckets * heads
    return tables + encoder + decoder + 2 * width


def switch(
    width: int,
    layers: int,
    decoder_layers: int,
    heads: int,
    head_size: int,
    ffn_width: int,
    vocabulary: int,
    experts: int,
    experts_period: int,
) -> int:
    """Switch Transformer: T5 in which every so many feed-forward networks is a mixture (arXiv 2101.03961)."""
    plain = t5(width, layers, decoder_layers, heads, head_size, ffn_width, 2, vocabulary)
    sparse = layers // experts_period + decoder_layers // experts_period
    return plain + sparse * ((experts - 1) * 2 * width * ffn_width + experts * width)


def whisper(
    width: int,
    layers: int,
    decoder_layers: int,
    ffn_width: int,
    vocabulary: int,
    context: int,
    mel_bands: int,
    encoder_positions: int = 1500,
) -> int:
    """Whisper: two convolutions over mel bands, an encoder, a decoder with cross-attention (arXiv 2212.04356).

    Keys have no bias; the output matrix is the embedding. The encoder's sinusoids, fixed numbers, are counted as the
    implementation keeps them.
    """
    stem = linear(3 * mel_bands, width) + linear(3 * width, width)
    encoder = stem + encoder_positions * width + encoder_layers(width, layers, ffn_width, key_bias=False) + 2 * width
    crossing = decoder_layers * (4 * width * width + 3 * width + 2 * width)
    decoder = (vocabulary + context) * width + encoder_layers(width, decoder_layers, ffn_width, key_bias=False)
    return encoder + decoder + crossing + 2 * width


def wav2vec2(
    width: int,
    layers: int,
    ffn_width: int,
    channels: int = 512,
    kernels: Sequence[int] = (10, 3, 3, 3, 3, 2, 2),
    position_kernel: int = 128,
    position_groups: int = 16,
) -> int:
    """wav2vec 2.0: convolutions over the waveform, a grouped convolution for positions, an encoder (arXiv 2006.11477).

    The base form, in which the first convolution alone is normalised; the vector for masked steps is counted, the
    quantiser of pre-training is not.
    """
    convolutions = channels * kernels[0] + 2 * channels + sum(channels * channels * kernel for kernel in kernels[1:])
    projection = 2 * channels + linear(channels, width)
    positions = width * (width // position_groups) * position_kernel + position_kernel + width
    return width + convolutions + projection + positions + 2 * width + encoder_layers(width, layers, ffn_width)
