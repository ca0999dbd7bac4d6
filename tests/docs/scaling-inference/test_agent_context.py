"""Token counts against their formulas, thresholds against a search, and what each rule keeps."""

import json

import pytest
from examples import DOCS, load

agent = load("scaling-inference/agent-context")
GROWTH = agent.CALL + agent.RESULT


@pytest.mark.parametrize("turns", [1, 2, 17, 60])
def test_appending_reads_everything_again_but_computes_it_once(turns: int) -> None:
    total = agent.account(agent.append(turns))

    assert total["cached"] + total["anew"] == turns * agent.SYSTEM + GROWTH * turns * (turns - 1) // 2
    assert total["anew"] == agent.SYSTEM + agent.RESULT * (turns - 1)
    assert total["longest"] == agent.SYSTEM + GROWTH * (turns - 1) + agent.CALL


def test_omitting_in_every_turn_computes_the_kept_results_in_every_turn() -> None:
    turns, keep = 40, 5
    total = agent.account(agent.omit(turns, keep))
    plain = agent.account(agent.append(turns))
    # each turn past the first ones: a stub, and what follows it, except that nothing before it changed
    again = agent.STUB + keep * GROWTH

    assert total["anew"] == plain["anew"] + (turns - keep - 1) * (again - agent.RESULT)


def test_omitting_rarely_is_cheaper_than_omitting_always() -> None:
    always, rarely = agent.account(agent.omit(200, 5)), agent.account(agent.omit(200, 5, 100_000))

    assert agent.price(rarely) < agent.price(always)
    assert rarely["anew"] < always["anew"] / 3


def test_the_context_stays_near_its_limit() -> None:
    for rule in (agent.compact(200, 100_000), agent.compact(200, 100_000, 0), agent.omit(200, 5, 100_000)):
        assert agent.account(rule)["longest"] <= 100_000 + GROWTH + agent.SUMMARY


def test_folding_keeps_one_report_for_each_branch() -> None:
    contexts = [context for context, _ in agent.fold(41, 10)]

    assert [name for name, _ in contexts[-1]] == ["system", "report 9", "report 19", "report 29", "report 39"]


def test_helpers_read_less_than_one_agent_by_nearly_their_number() -> None:
    one, helper = agent.account(agent.append(400)), agent.account(agent.append(20))
    grown = [t["cached"] + t["anew"] - agent.SYSTEM * n for t, n in ((one, 400), (helper, 20))]

    assert grown[0] / (20 * grown[1]) == pytest.approx(399 / 19)


@pytest.mark.parametrize(("base", "once", "read"), [(8000, 12_000, 0.1), (6000, 50_000, 0.25), (20_000, 0, 0.05)])
def test_the_best_stretch_is_that_of_a_search(base: float, once: float, read: float) -> None:
    found = min(range(500, 200_000, 50), key=lambda s: agent.price_of_a_turn(s, GROWTH, base, once, read))

    assert agent.best_stretch(GROWTH, base, once, read) == pytest.approx(found, abs=50)


def test_the_best_threshold_is_nearly_that_of_the_counted_tokens() -> None:
    base = agent.SYSTEM + agent.SUMMARY
    best = base + agent.best_stretch(GROWTH, base, agent.ONCE, 0.1)
    prices = {limit: agent.price(agent.account(agent.compact(1000, limit))) for limit in range(15_000, 120_000, 2500)}

    assert agent.price(agent.account(agent.compact(1000, round(best)))) < 1.03 * min(prices.values())


@pytest.mark.parametrize("again", [0, 5, 20])
def test_twice_the_best_threshold_costs_about_a_seventh_more(again: int) -> None:
    base, once = agent.SYSTEM + agent.SUMMARY, agent.ONCE + again * agent.TURN
    best = agent.best_stretch(GROWTH, base, once, 0.1)
    least, more = (
        agent.TURN + agent.price_of_a_turn(stretch, GROWTH, base, once, 0.1) for stretch in (best, base + 2 * best)
    )

    assert more / least == pytest.approx(8 / 7, abs=0.03)


def test_the_costs_of_a_compaction_are_those_that_the_page_names() -> None:
    assert agent.ONCE == 6 * agent.SUMMARY == 6 * 2000
    assert agent.TURN == 4000


def test_critical_steps_are_those_of_the_slowest_helper() -> None:
    assert agent.critical_steps([(1, [3, 5]), (2, [])]) == 8


def test_the_stored_figures_are_those_of_the_code() -> None:
    assert json.loads((DOCS / "scaling-inference/agent-context.json").read_text(encoding="utf-8")) == agent.stored()
