"""The program that runs a workflow's steps on this machine: it does what a runner does, and knows all of our steps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from examples import load_file

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def program() -> Any:
    return load_file(ROOT / "packaging/try_workflow.py", "try_workflow")


def test_steps_run_as_on_a_runner(program: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "of this machine")
    runner = program.Runner(tmp_path, tmp_path, {"github.sha": "abc"})
    runner.prepare()
    job = yaml.safe_load("""
    env: {EVERYWHERE: "1"}
    steps:
      - {id: first, run: 'echo "found=$EVERYWHERE-${{ github.sha }}$SECRET" >> "$GITHUB_OUTPUT"'}
      - name: Second
        run: 'echo "$GIVEN"; mkdir out; echo x > out/y'
        env: {GIVEN: "${{ steps.first.outputs.found }}"}
      - {name: Third, run: "false\necho never"}
      - {name: Fourth, run: echo never}
      - {name: Fifth, if: always(), run: "gh issue list | cat; echo told >> $GITHUB_STEP_SUMMARY"}
      - {if: always(), uses: actions/upload-artifact@x, with: {name: kept, path: out}}
    """)

    runner.run(job)
    assert runner.said["Second"] == "1-abc\n"
    assert runner.said["Third"] == ""
    assert "Fourth" not in runner.said
    assert runner.failed
    assert (tmp_path / "calls").read_text() == "gh issue list \n"
    assert (tmp_path / "summary").read_text() == "told\n"
    assert (tmp_path / "uploaded/kept/y").exists()


def test_an_expression_that_nobody_knows_is_told(program: Any, tmp_path: Path) -> None:
    runner = program.Runner(tmp_path, tmp_path, {})
    runner.prepare()

    with pytest.raises(SystemExit, match=r"`\$\{\{ github.actor \}\}` has no value here"):
        runner.run({"steps": [{"run": "echo ${{ github.actor }}"}]})


def test_every_step_that_is_tried_is_understood(program: Any) -> None:
    """The run itself takes minutes and needs the network; that it could begin is seen here."""
    known = program.values(ROOT, "abc")
    for trial in program.TRIALS.values():
        jobs = yaml.safe_load((ROOT / ".github/workflows" / trial.workflow).read_text("utf-8"))["jobs"]
        for step in (step for name in trial.jobs for step in jobs[name]["steps"]):
            assert step.get("if", "always()") == "always()"
            made = {"steps.pages.outputs.base_url", "steps.deployment.outputs.page_url"}
            assert set(program._EXPRESSION.findall(str(step))) <= {*known, *made}


def test_what_a_pull_request_would_change_is_there(program: Any, tmp_path: Path) -> None:
    for name in (program._PAGE, program._DRAWN, program._DATA):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())

    program._review(tmp_path)
    assert all((tmp_path / name).read_bytes() != (ROOT / name).read_bytes() for name in (program._PAGE, program._DATA))
