"""Reference vectors from the transformers and diffusers libraries, for tests that must run without them.

Run by hand, with both and torch installed, from the root of the repository; it rewrites `reference.json`
beside it:

    python tests/docs/architectures/visual-tokens/make_reference.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import diffusers
import numpy as np
import torch
import transformers
from diffusers.models.autoencoders.vae import VectorQuantizer
from transformers.models.encodec.modeling_encodec import EncodecResidualVectorQuantizer
from transformers.models.mimi.modeling_mimi import MimiSplitResidualVectorQuantizer
from transformers.models.musicgen.modeling_musicgen import MusicgenForCausalLM
from transformers.models.xcodec2.modeling_xcodec2 import Xcodec2FiniteScalarQuantization


def main() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(6, 5))
    books = [rng.normal(size=(8, 5)) / 1.5**n for n in range(4)]
    frames = torch.tensor(x.T[None], dtype=torch.float32)
    libraries = f"transformers {transformers.__version__}, diffusers {diffusers.__version__}, torch {torch.__version__}"
    out: dict[str, Any] = {
        "made": f"{libraries}, by {Path(__file__).name}",
        "x": x.round(6).tolist(),
        "books": [book.round(6).tolist() for book in books],
    }
    with torch.no_grad():
        small: dict[str, Any] = {"codebook_size": 8, "codebook_dim": 5}
        ladder = EncodecResidualVectorQuantizer(transformers.EncodecConfig(**small, target_bandwidths=[24.0]))
        ladder.layers = ladder.layers[:4]
        for layer, book in zip(ladder.layers, books, strict=True):
            layer.codebook.embed.copy_(torch.tensor(book))
        ladder.num_quantizers = 4
        codes = ladder.encode(frames)
        out["EnCodec"] = {"codes": codes[:, 0].tolist(), "decoded": ladder.decode(codes)[0].T.numpy().round(5).tolist()}
        config = transformers.MimiConfig(
            **small, hidden_size=5, vector_quantization_hidden_dimension=5, num_quantizers=4, num_semantic_quantizers=1
        )
        split = MimiSplitResidualVectorQuantizer(config)
        parts = [split.semantic_residual_vector_quantizer, split.acoustic_residual_vector_quantizer]
        for layer, book in zip([layer for part in parts for layer in part.layers], books, strict=True):
            layer.codebook.initialized.fill_(1)
            layer.codebook.cluster_usage.fill_(1)
            layer.codebook.embed_sum.copy_(torch.tensor(book))
        for part in parts:
            for projection in (part.input_proj, part.output_proj):
                if projection is not None:
                    projection.weight.copy_(torch.eye(5)[:, :, None])
        codes = split.encode(frames, num_quantizers=4)
        decoded = split.decode(codes.transpose(0, 1))
        out["Mimi"] = {"codes": codes[:, 0].tolist(), "decoded": decoded[0].T.numpy().round(5).tolist()}
    decoder = transformers.MusicgenDecoderConfig(num_codebooks=4, audio_channels=1)
    model = type("Books", (), {"num_codebooks": 4, "config": decoder})()
    prompt = torch.arange(4 * 6).reshape(4, 6)
    _, mask = MusicgenForCausalLM.build_delay_pattern_mask(model, prompt, pad_token_id=99, max_length=10)
    out["MusicGen"] = {"prompt": prompt.tolist(), "pad": 99, "mask": mask.tolist()}
    out["FSQ"] = []
    for levels in ([8, 5, 5, 5], [4] * 8):
        z = 2 * rng.normal(size=(40, len(levels)))
        codes, index = Xcodec2FiniteScalarQuantization(transformers.Xcodec2Config(quantization_levels=levels))(
            torch.tensor(z)
        )
        out["FSQ"].append(
            {
                "levels": levels,
                "z": z.round(6).tolist(),
                "codes": codes.numpy().round(6).tolist(),
                "index": index.tolist(),
            }
        )
    out["VQ"] = {}
    for name, legacy in (("as in the paper", False), ("legacy", True)):
        quantiser = VectorQuantizer(8, 5, beta=0.25, legacy=legacy, sane_index_shape=True).double()
        with torch.no_grad():
            quantiser.embedding.weight.copy_(torch.tensor(books[0].round(6)))
        z = torch.tensor(x.round(6).T[None, :, :, None], requires_grad=True)
        _, loss, (_, _, index) = quantiser(z)
        loss.backward()  # of the loss alone: what the decoder's gradient adds passes through unchanged
        assert z.grad is not None
        out["VQ"][name] = {
            "index": index.flatten().tolist(),
            "loss": loss.item(),
            "encoder": z.grad[0, :, :, 0].T.numpy().round(8).tolist(),
            "codebook": quantiser.embedding.weight.grad.numpy().round(8).tolist(),
        }
    Path(__file__).with_name("reference.json").write_text(json.dumps(out) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
