"""Attribution finds the neurons that were built in, and silencing them has the effect it predicts."""

import numpy as np
import pytest
from examples import load

mmn = load("architectures/multimodal/multimodal-neurons")
MODEL, CONCEPTS = mmn.example()


@pytest.mark.parametrize("concept", range(4))
def test_the_built_in_neuron_is_found_for_its_concept(concept: int) -> None:
    patches = np.stack([CONCEPTS[concept]] * 5)
    logits, _ = mmn.forward(patches, MODEL)

    assert logits.argmax() == concept
    assert mmn.attribution(patches, MODEL, concept).argmax() == concept
    assert mmn.decode(MODEL, concept).argmax() == concept


def test_attribution_is_exact_for_the_last_layer() -> None:
    patches = np.stack([CONCEPTS[0], CONCEPTS[1]])
    logits, _ = mmn.forward(patches, MODEL)
    for neuron in range(6):
        without, _ = mmn.forward(patches, MODEL, silenced=[neuron])
        assert logits[0] - without[0] == pytest.approx(mmn.attribution(patches, MODEL, 0)[neuron])


def test_the_gradient_is_that_of_the_logit() -> None:
    patches = np.stack([CONCEPTS[2]] * 3)
    _, hidden = mmn.forward(patches, MODEL)
    moved = {**MODEL, "threshold": MODEL["threshold"] - 1e-6}
    logit, logit_moved = mmn.forward(patches, MODEL)[0][2], mmn.forward(patches, moved)[0][2]
    gradient = (MODEL["mlp_out"] @ MODEL["unembedding"][:, 2])[hidden > 0].sum()

    assert (logit_moved - logit) / 1e-6 == pytest.approx(gradient, rel=1e-3)


def test_the_projected_patch_is_not_yet_the_word() -> None:
    direct = CONCEPTS[0] @ MODEL["projection"] @ MODEL["unembedding"]

    assert np.abs(direct).max() < mmn.forward(CONCEPTS[:1], MODEL)[0].max() / 2
