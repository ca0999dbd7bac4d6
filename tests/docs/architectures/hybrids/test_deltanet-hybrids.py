"""Snapshots continue exactly, cut states do not, and the places where requests resume are those of a plain search."""

import json
from pathlib import Path

import numpy as np
import pytest
from archdata import models
from examples import load

hybrid = load("architectures/hybrids/deltanet-hybrids")
delta = load("architectures/recurrent/deltanet")
DOCS = Path(__file__).parents[4] / "docs"
STACK = hybrid.make_stack(seed=3)
X = np.random.default_rng(4).normal(size=(50, 8))


@pytest.mark.parametrize("pieces", [[50], [1] * 50, [20, 30], [3, 1, 17, 29]])
def test_any_way_of_cutting_the_text_gives_the_same(pieces: list[int]) -> None:
    whole, _ = hybrid.run(X, STACK, hybrid.empty(STACK))
    memory, out, at = hybrid.empty(STACK), [], 0
    for piece in pieces:
        y, memory = hybrid.run(X[at : at + piece], STACK, memory)
        out.append(y)
        at += piece

    np.testing.assert_allclose(np.concatenate(out), whole, atol=1e-12)


def test_its_layers_are_the_gated_delta_rule_and_softmax_attention() -> None:
    p = dict(STACK[0][1], conv=np.zeros((4, 24)))
    p["conv"][3] = 1.0  # a convolution that passes the present token through
    q, k, v = np.split(X @ p["in"], 3, axis=1)
    gates = hybrid.sigmoid(X @ p["gates"])
    expected, _ = delta.delta_rule(hybrid.unit(q), hybrid.unit(k), v, gates[:, 1], gates[:, 0])
    out, _, _ = hybrid.delta_layer(X, p, np.zeros((8, 8)), np.zeros((3, 24)))
    np.testing.assert_allclose(out, expected @ p["out"], atol=1e-12)

    p = STACK[3][1]
    q, k, v = np.split(X @ p["in"], 3, axis=1)
    out, keys, _ = hybrid.attention_layer(X, p, np.zeros((0, 8)), np.zeros((0, 8)))
    for t in (0, 7, 49):
        weights = np.exp(k[: t + 1] @ q[t] / np.sqrt(8))
        np.testing.assert_allclose(out[t], weights @ v[: t + 1] / weights.sum() @ p["out"], atol=1e-12)
    assert len(keys) == 50


def test_cut_caches_with_later_states_give_another_answer() -> None:
    whole, _ = hybrid.run(X, STACK, hybrid.empty(STACK))
    _, later = hybrid.run(X[:40], STACK, hybrid.empty(STACK))
    wrong, _ = hybrid.run(X[30:], STACK, hybrid.cut(STACK, later, 30))
    assert np.abs(wrong - whole[30:]).max() > 0.05

    only_attention = [STACK[3]] * 2
    whole, _ = hybrid.run(X, only_attention, hybrid.empty(only_attention))
    _, later = hybrid.run(X[:40], only_attention, hybrid.empty(only_attention))
    right, _ = hybrid.run(X[30:], only_attention, hybrid.cut(only_attention, later, 30))
    np.testing.assert_allclose(right, whole[30:], atol=1e-12)


def test_a_state_cannot_be_run_back_far() -> None:
    assert hybrid.undone(1) < 1e-5
    assert hybrid.undone(32) > 1
    assert hybrid.undone(8, dtype=np.float64) < 1e-9


def test_a_request_resumes_where_a_plain_search_says() -> None:
    rng = np.random.default_rng(5)
    for _ in range(200):
        served = [(rng.integers(2, size=rng.integers(1, 12)), [3, 7]) for _ in range(3)]
        request = rng.integers(2, size=10)

        def shares(tokens: np.ndarray, n: int, request: np.ndarray = request) -> bool:
            return len(tokens) >= n and list(tokens[:n]) == list(request[:n])

        longest = max((n for tokens, _ in served for n in range(10) if shares(tokens, n)), default=0)
        assert hybrid.resume_at(request, served, "attention") == longest
        on_grid = max((n for tokens, _ in served for n in range(0, 10, 4) if shares(tokens, n)), default=0)
        assert hybrid.resume_at(request, served, "grid", 4) == on_grid
        at_kept = max([0] + [n for tokens, kept in served for n in kept if n < 10 and shares(tokens, n)])
        assert hybrid.resume_at(request, served, "ends") == at_kept


def test_conversations_cost_what_follows_from_their_lengths() -> None:
    requests = hybrid.chats(users=4, turns=3, system=200, seed=6)
    first = {}
    new = 0
    for prompt, answer in requests:
        known = max((n for n in first if n <= len(prompt) and first[n] == prompt[:n].tobytes()), default=0)
        new += len(prompt) - known
        first[len(prompt) + len(answer)] = np.concatenate([prompt, answer]).tobytes()
    # Ends alone: everything of a first turn, what is new of the others.
    assert hybrid.serve(requests, "ends") == (new, 12)
    # Attention also shares the system prompt with all users but the first, branches with all but the first two.
    assert hybrid.serve(requests, "attention")[0] == new - 3 * 200
    assert hybrid.serve(requests, "ends and branches") == (new - 2 * 200, 13)
    assert hybrid.serve(requests, "newest ends and branches") == (new - 2 * 200, 5)


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/hybrids/deltanet-hybrids.json").read_text(encoding="utf-8"))
    requests = hybrid.chats()
    assert stored["prompts"] == sum(len(prompt) for prompt, _ in requests)
    for name, policy, grid in (("attention", "attention", 0), ("every 528", "grid", 528), ("ends", "ends", 0)):
        computed, kept = hybrid.serve(requests, policy, grid)
        assert stored["served"][name] == {"computed": computed, "snapshots": kept}


def test_the_sums_on_the_page_follow_from_the_data() -> None:
    known = models.load(DOCS)
    nine = known["qwen3.5-9b"].decoder
    assert nine.state / nine.cached_per_token == 816
    assert known["kimi-linear-48b-a3b"].decoder.state == 11_468_800
    assert known["olmo-hybrid-7b"].decoder.state == 14_376_960
    page = 32 * 128 * 128 * 4 + 3 * 8192 * 2
    assert -(-page // (2 * 4 * 256 * 2) // 16) * 16 == 528
