"""The parameters of a decoder by what they belong to, as pages tell them apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from archdata.formulas.feed_forward import Experts
from archdata.formulas.layers import Decoder, Layer
from archdata.formulas.reach import Mixer


def _embeddings(decoder: Decoder) -> int:
    """The embedding and, unless they are tied, the output projection."""
    return decoder.vocabulary * decoder.width * (1 if decoder.tied else 2)


def _mixing(decoder: Decoder) -> int:
    return sum(mixer.parameters(decoder.width) for mixer in decoder.mixers)


def _feed_forward(decoder: Decoder) -> int:
    """Everything between the mixers: dense layers, experts, routers."""
    return sum(layer.ffn.parameters(decoder.width) for layer in decoder.layers if layer.ffn)


def _experts(decoder: Decoder) -> int:
    """All routed experts."""
    return sum(one.count * one.one(decoder.width) for one in _mixtures(decoder))


def _expert_matrices(decoder: Decoder) -> int:
    """The same without biases: what formats of few bits are used for."""
    mixtures = _mixtures(decoder)
    return sum(one.count * one.expert.matrices * one.expert.inner * (one.latent or decoder.width) for one in mixtures)


def _chosen_experts(decoder: Decoder) -> int:
    """Those of them that a token uses."""
    return sum(one.chosen * one.one(decoder.width) for one in _mixtures(decoder))


def _shared_experts(decoder: Decoder) -> int:
    return sum(one.shared.parameters(decoder.width) for one in _mixtures(decoder) if one.shared)


def _routers(decoder: Decoder) -> int:
    """A row for each expert, with what a router has beside them."""
    return sum(one.router(decoder.width) for one in _mixtures(decoder))


def _norms(decoder: Decoder) -> int:
    """Those around mixers and feed-forward parts, and the last one; norms within a mixer belong to it."""
    each = decoder.norm.parameters(decoder.width)
    return each * (sum(layer.norms for layer in decoder.layers) + decoder.final_norm)


PARTS: Mapping[str, Callable[[Decoder], int]] = {
    "embeddings": _embeddings,
    "mixing": _mixing,
    "feed-forward": _feed_forward,
    "experts": _experts,
    "expert matrices": _expert_matrices,
    "chosen experts": _chosen_experts,
    "shared experts": _shared_experts,
    "routers": _routers,
    "norms": _norms,
}
"""What a page may ask for. The feed-forward part includes experts and routers."""


def expert(decoder: Decoder) -> int:
    """Parameters of one routed expert.

    Raises `ValueError` for a decoder without experts.
    """
    for one in _mixtures(decoder):
        return one.one(decoder.width)
    raise ValueError("no layer has experts")


def expert_layers(decoder: Decoder) -> int:
    """Layers that have experts."""
    return len(_mixtures(decoder))


def exchanged(decoder: Decoder) -> int:
    """Numbers sent to the experts chosen for a token in all layers, if each is on another device."""
    return sum(one.chosen * (one.latent or decoder.width) for one in _mixtures(decoder))


def layer_mixing(decoder: Decoder, layer: int) -> int:
    """Parameters of what mixes positions in a layer, counted from 1.

    Raises `ValueError` for a layer that there is not, or one without.
    """
    return _mixer(decoder, layer).parameters(decoder.width)


def layer_feed_forward(decoder: Decoder, layer: int) -> int:
    """Parameters of a layer's feed-forward part, counted from 1; all of its experts count.

    Raises `ValueError` for a layer that there is not, or one without.
    """
    ffn = _layer(decoder, layer).ffn
    if ffn is None:
        raise ValueError(f"layer {layer} has no feed-forward part")
    return ffn.parameters(decoder.width)


def layer_state(decoder: Decoder, layer: int) -> int:
    """Numbers of recurrent state that one layer keeps, counted from 1.

    Raises `ValueError` for a layer that there is not, or one without.
    """
    return _mixer(decoder, layer).state


def layer_mixing_flops(decoder: Decoder, layer: int, context: int) -> int:
    """Operations of one layer's mixing, counted from 1, for a token that sees `context` positions, itself included.

    Raises `ValueError` for a layer that there is not, or one without.
    """
    return _mixer(decoder, layer).mixing_flops(context)


def _mixtures(decoder: Decoder) -> list[Experts]:
    return [layer.ffn for layer in decoder.layers if isinstance(layer.ffn, Experts)]


def _mixer(decoder: Decoder, layer: int) -> Mixer:
    mixer = _layer(decoder, layer).mixer
    if mixer is None:
        raise ValueError(f"layer {layer} mixes no positions")
    return mixer


def _layer(decoder: Decoder, layer: int) -> Layer:
    if not 1 <= layer <= len(decoder.layers):
        raise ValueError(f"there are {len(decoder.layers)} layers, the first is 1")
    return decoder.layers[layer - 1]
