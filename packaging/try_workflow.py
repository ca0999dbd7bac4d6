"""Run a workflow's `run:` steps on this machine: `python packaging/try_workflow.py review|publish|release`.

The steps are taken from the YAML, in order, and run as GitHub's runner does: with `bash -e`, the job's variables, the
files behind `GITHUB_OUTPUT` and `GITHUB_STEP_SUMMARY`, and `if: always()`. Actions are replaced by a few lines that do
the same here: a clone of depth one, an environment of this Python, a copy of what is uploaded. `gh` is a script that
writes down how it was called, and nothing is pushed anywhere. The commit that is checked out is the last one here.

`review` first makes a pull request: a page with a finding, a changed figure and a changed data file. What a job should
leave is looked for at the end; the program ends with 1 if something is missing.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
_EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")
_PAGE = "docs/architectures/recurrent/deltanet.md"
_FIGURE = "recurrent/deltanet/erase-write"
_DRAWN = "hooks/archfigures/recurrent/deltanet.py"
_DATA = "docs/_data/models/qwen3.5-9b.yml"
_KEPT = re.compile(r"PATH|HOME|LANG|TMPDIR|PIP_\w+|SSL_CERT_\w+|REQUESTS_CA_BUNDLE")
"""All that steps see of this machine's environment; all but the first four tell how packages are reached."""
_GH = '#!/bin/sh\nprintf "%s " gh "$@" >> "$GH_CALLS"; echo >> "$GH_CALLS"\n'


@dataclass
class Runner:
    """One job on a machine of its own: its folders and what its steps have said so far."""

    folder: Path
    origin: Path
    expressions: dict[str, str]
    env: dict[str, str] = field(default_factory=dict)
    failed: bool = False
    said: dict[str, str] = field(default_factory=dict)
    """What each step printed, by its name."""

    @property
    def workspace(self) -> Path:
        """Where a job's steps begin."""
        return self.folder / "work"

    def prepare(self) -> None:
        """Make the folders and variables that GitHub gives a job."""
        for name in ("work", "temp", "bin", "uploaded"):
            (self.folder / name).mkdir()
        for name in ("output", "summary", "calls"):
            (self.folder / name).touch()
        (self.folder / "bin/gh").write_text(_GH, "utf-8")
        (self.folder / "bin/gh").chmod(0o755)
        self.env |= {name: value for name, value in os.environ.items() if _KEPT.fullmatch(name)}
        self.env |= {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_OUTPUT": str(self.folder / "output"),
            "GITHUB_REPOSITORY": "owner/name",
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary"),
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.folder / "temp"),
            "GH_CALLS": str(self.folder / "calls"),
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        }

    def run(self, job: Mapping[str, Any]) -> None:
        """Run a job's steps to the end; after one that fails only those with `if: always()`."""
        common = self._filled(job.get("env", {}))
        for number, step in enumerate(job["steps"], 1):
            name = str(step.get("name") or step.get("uses", "").partition("@")[0] or step["run"].split("\n")[0])
            condition = step.get("if", "success()")
            if condition not in ("success()", "always()"):
                raise SystemExit(f"{name}: `if: {condition}` is not understood here")
            if self.failed and condition != "always()":
                print(f"== {number}. {name}: left out")
                continue
            print(f"== {number}. {name}", flush=True)
            if "uses" in step:
                self._use(step["uses"].partition("@")[0], self._filled(step.get("with", {})), step.get("id", ""))
            else:
                self._step(name, step, {**common, **self._filled(step.get("env", {}))})

    def _step(self, name: str, step: Mapping[str, Any], env: Mapping[str, str]) -> None:
        script = self.folder / "temp/step.sh"
        script.write_text(self._value(step["run"]), "utf-8")
        process = subprocess.Popen(
            ["bash", "-e", script], cwd=self.workspace, env={**self.env, **env}, text=True, errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        lines = []
        assert process.stdout
        for line in process.stdout:
            lines.append(line)
            print(f"   {line}", end="", flush=True)
        self.said[name] = "".join(lines)
        code = process.wait()
        for line in Path(self.env["GITHUB_OUTPUT"]).read_text("utf-8").splitlines():
            key, _, value = line.partition("=")
            self.expressions[f"steps.{step.get('id', '')}.outputs.{key}"] = value
        Path(self.env["GITHUB_OUTPUT"]).write_text("")
        if code:
            print(f"   (ended with {code})", flush=True)
            self.failed = True

    def _use(self, action: str, given: Mapping[str, str], step: str) -> None:
        match action:
            case "actions/checkout":
                place = str(self.workspace / given.get("path", "."))
                wanted = given.get("ref", self.expressions["github.sha"])
                for command in (
                    ["init", "-q", place],
                    ["-C", place, "fetch", "-q", "--depth", "1", self.origin.as_uri(), wanted],
                    ["-C", place, "checkout", "-q", "--detach", "FETCH_HEAD"],
                ):
                    subprocess.run(["git", *command], check=True)
            case "actions/setup-python":
                subprocess.run([sys.executable, "-m", "venv", self.folder / "python"], check=True)
                self.env["PATH"] = f"{self.folder / 'python/bin'}{os.pathsep}{self.env['PATH']}"
            case "actions/configure-pages":
                self.expressions[f"steps.{step}.outputs.base_url"] = "https://owner.example/name"
            case "actions/upload-artifact" | "actions/upload-pages-artifact":
                source = self.workspace / given["path"]
                if source.is_dir():
                    shutil.copytree(source, self.folder / "uploaded" / given.get("name", "pages"))
                else:
                    print(f"   (nothing at {given['path']})")
                    self.failed = True
            case "actions/download-artifact":
                shutil.copytree(self.folder / "uploaded" / given["name"], self.workspace / given["path"])
            case _:
                print("   (nothing to do here)")

    def _filled(self, values: Mapping[str, Any]) -> dict[str, str]:
        return {name: self._value(value) for name, value in values.items()}

    def _value(self, text: object) -> str:
        def value(found: re.Match[str]) -> str:
            if found[1] not in self.expressions:
                raise SystemExit(f"`{found[0]}` has no value here: give it one in {Path(__file__).name}")
            return self.expressions[found[1]]

        return _EXPRESSION.sub(value, str(text))


# What each job is tried on, and what it has to leave


def _review(clone: Path) -> None:
    """Change what a pull request changes."""
    _change(clone / _PAGE, "\n## ", '\n!!! note "Never closed\n    Text.\n\n## ')
    _change(clone / _DRAWN, 'drawing.label("before"', 'drawing.label("at first"')
    _change(clone / _DATA, "\nreleased: ", "\nnobody-knows: 1\nreleased: ")


def _change(file: Path, before: str, after: str) -> None:
    text = file.read_text("utf-8")
    if before not in text:
        raise SystemExit(f"{file}: nothing to change; adapt {Path(__file__).name}")
    file.write_text(text.replace(before, after, 1), "utf-8")


def _left_by_review(runner: Runner) -> Iterator[tuple[str, bool]]:
    review = runner.folder / "uploaded/review"
    told = runner.said.get("Findings on the changed lines", "")
    for file in (_PAGE, _DATA):
        yield f"an annotation of {file}", bool(re.search(rf"^::error file={re.escape(file)},line=\d+", told, re.M))
    yield (
        "nothing else that a runner would obey",
        all(
            line.startswith(("::error file=", "::warning file=")) for line in told.splitlines() if line.startswith("::")
        ),
    )
    summary = _text(review / "summary.md")
    for part in ("### Findings", "### Figures", f"    {_PAGE}:", f"error: {_DATA}:", f"- `{_FIGURE}`: "):
        yield f"`{part.strip()}` in the summary", part in summary
    yield "one changed figure in the summary", summary.count("\n- `") == 1
    yield "the summary of the job", summary != "" and Path(runner.env["GITHUB_STEP_SUMMARY"]).read_text() == summary
    yield "the figure before and after", _text(review / "figures.html").count("<svg") >= 2
    page = _text(review / "site" / _PAGE.removeprefix("docs/").removesuffix(".md") / "index.html")
    yield "the changed figure in the preview", "at first" in page
    yield "the stylesheets and the search of the preview", (review / "site/search").is_dir()
    promised = runner.said.get("Addresses that were promised", "")
    yield (
        "that no promised address is gone",
        promised.endswith("\n0 promised addresses gone\n") or promised.startswith("0 "),
    )
    yield "that the job has failed, because of the findings", runner.failed


def _left_by_publish(runner: Runner) -> Iterator[tuple[str, bool]]:
    site = runner.folder / "uploaded/pages"
    yield "that the job has succeeded", not runner.failed
    home = _text(site / "index.html")
    yield "the address of the site in its pages", 'rel="canonical" href="https://owner.example/name/"' in home
    edit = f"https://github.com/owner/name/edit/main/{_PAGE}"
    page = _text(site / _PAGE.removeprefix("docs/").removesuffix(".md") / "index.html")
    yield "where a page is edited", edit in page
    yield "a sheet", any(site.rglob("*.pdf"))
    yield "the archive", any(site.glob("*.zip"))
    yield "a policy on every page", all("Content-Security-Policy" in _text(file) for file in site.rglob("*.html"))


def _left_by_release(runner: Runner) -> Iterator[tuple[str, bool]]:
    built = [file.name for file in (runner.folder / "uploaded/dist").glob("*")]
    yield "that the jobs have succeeded", not runner.failed
    yield "a wheel and an sdist", sorted(name.rpartition(".")[2] for name in built) == ["gz", "whl"]
    calls = _text(runner.folder / "calls")
    yield "a release with both", calls.count("gh release create docscheck-") == 1 and all(one in calls for one in built)


def _text(file: Path) -> str:
    return file.read_text("utf-8") if file.is_file() else ""


@dataclass(frozen=True)
class Trial:
    """Which jobs of which workflow, over which change, and what they leave."""

    workflow: str
    jobs: tuple[str, ...]
    left: Callable[[Runner], Iterator[tuple[str, bool]]]
    change: Callable[[Path], None] | None = None


TRIALS = {
    "review": Trial("checks.yml", ("review",), _left_by_review, _review),
    "publish": Trial("publish.yml", ("build", "deploy"), _left_by_publish),
    "release": Trial("release.yml", ("build", "release"), _left_by_release),
}


def values(origin: Path, before: str) -> dict[str, str]:
    """The expressions that our workflows use, as GitHub would fill them in."""
    version = re.search(r'^version = "(.+)"', (ROOT / "packaging/docscheck/pyproject.toml").read_text("utf-8"), re.M)
    assert version
    tag = f"docscheck-{version[1]}"
    return {
        "github.event.pull_request.base.sha": before,
        "github.sha": _git(origin, "rev-parse", "HEAD"),
        "github.repository": "owner/name",
        "github.token": "none",
        "github.ref_name": tag,
        "github.ref_type == 'tag' && github.ref_name || ''": tag,
    }


def _git(folder: Path, *arguments: str) -> str:
    person = ["-c", "user.name=Somebody", "-c", "user.email=somebody@owner.example"]
    done = subprocess.run(["git", "-C", folder, *person, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def attempt(trial: Trial, folder: Path) -> int:
    """Run the jobs in a folder, print what they left, and return how much of it is missing."""
    origin = folder / "origin"
    _git(ROOT, "clone", "-q", "--no-hardlinks", str(ROOT), str(origin))
    _git(origin, "config", "uploadpack.allowAnySHA1InWant", "true")
    before = _git(origin, "rev-parse", "HEAD")
    if trial.change:
        trial.change(origin)
        _git(origin, "commit", "-q", "-a", "-m", "Change a page, a figure and a data file")
    runner = Runner(folder, origin, values(origin, before))
    runner.prepare()
    jobs = yaml.safe_load((origin / ".github/workflows" / trial.workflow).read_text("utf-8"))["jobs"]
    for name in trial.jobs:
        print(f"=== {name}")
        shutil.rmtree(runner.workspace)
        runner.workspace.mkdir()
        runner.run(jobs[name])
    print("=== What is left")
    missing = 0
    for what, is_there in trial.left(runner):
        print(f"{'yes' if is_there else 'MISSING'}: {what}")
        missing += not is_there
    return missing


def main() -> None:
    """Read the arguments, run a job, and fail if something is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trial", choices=TRIALS)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="a new folder in which everything is left")
    options = parser.parse_args()
    trial = TRIALS[options.trial]
    if options.keep:
        options.keep.mkdir(parents=True)
        raise SystemExit(min(attempt(trial, options.keep.resolve()), 1))
    with tempfile.TemporaryDirectory() as folder:
        raise SystemExit(min(attempt(trial, Path(folder)), 1))


if __name__ == "__main__":
    main()
