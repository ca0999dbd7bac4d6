"""What is installed is pinned, hashed, licensed and there for a reason; what runs in workflows is named by commit."""

from __future__ import annotations

import json
import re
import subprocess
import sysconfig
import tomllib
from pathlib import Path
from typing import Any

import docscheck
import pytest
import yaml
from examples import load_file

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


@pytest.fixture(scope="module")
def licences() -> Any:
    return load_file(ROOT / "packaging/licences.py", "licences")


def test_every_dependency_is_pinned_in_the_lock_with_hashes(licences: Any) -> None:
    locked = licences.locked()
    assert licences.pinned().items() <= locked.items()
    blocks = re.split(r"\n(?=[a-z])", (ROOT / "requirements.lock").read_text("utf-8"))
    assert len(blocks) == len(locked)
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", block) for block in blocks)


def test_every_direct_dependency_has_a_reason(licences: Any) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    direct = [*project["dependencies"], *project["optional-dependencies"]["dev"]]

    assert all("==" in one for one in direct)
    assert licences.reasons().keys() == licences.pinned().keys()
    assert len(direct) == len(licences.reasons())


def test_every_package_stands_on_the_page_with_its_licence(licences: Any) -> None:
    page = licences.PAGE.read_text("utf-8")
    rows = dict(re.findall(r"^\| `([^`]+)` \| ([^ |]+) \| (?!not said|\|)[^|]{3,}\|", page, re.MULTILINE))

    assert rows == licences.locked(), "run `python packaging/licences.py`"


def test_no_file_holds_characters_that_nobody_sees() -> None:
    """Code that a reviewer reads is the code that runs: nothing in it turns around what is shown, or has no shape."""
    names = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], capture_output=True, text=True, check=False).stdout
    hidden = re.compile("[\\u202a-\\u202e\\u2066-\\u2069\\U000e0000-\\U000e007f]")
    files = [
        ROOT / name for name in names.split("\0") if name.endswith((".py", ".js", ".mjs", ".yml", ".toml", ".html"))
    ]

    assert not names or len(files) > 500
    assert [file for file in files if file.is_file() and hidden.search(file.read_text("utf-8"))] == []


def test_actions_are_named_by_commit() -> None:
    used = [one for file in WORKFLOWS for one in re.findall(r"uses:\s*(\S+)(.*)", file.read_text("utf-8"))]

    assert len(used) > 8
    for action, comment in used:
        assert re.fullmatch(r"[\w-]+/[\w./-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment), action


def test_workflows_install_what_the_lock_holds() -> None:
    scripts = [*WORKFLOWS, ROOT / ".ci/run"]
    installs = [line for file in scripts for line in re.findall(r"pip install (.*)", file.read_text("utf-8"))]

    assert len(installs) >= 8
    for arguments in installs:
        assert "--require-hashes" in arguments or "--no-deps --no-build-isolation" in arguments, arguments


def test_what_builds_the_packages_is_in_the_lock(licences: Any) -> None:
    (builder,) = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]

    assert builder == f"setuptools=={licences.locked()['setuptools']}"
    assert "--no-isolation" in (ROOT / "packaging/build_docscheck.py").read_text("utf-8")


def test_nothing_is_installed_before_a_release_is_kept() -> None:
    text = (ROOT / ".github/workflows/release.yml").read_text("utf-8")

    assert text.index("build_docscheck.py") < text.index("upload-artifact@") < text.index("try_docscheck")


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_workflows_start_without_rights(file: Path) -> None:
    workflow = yaml.safe_load(file.read_text("utf-8"))

    assert workflow["permissions"] == {"contents": "read"}
    assert "pull_request_target" not in workflow[True]
    for job in workflow["jobs"].values():
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False, "what is installed later could read them"
            assert "${{" not in step.get("run", ""), "what GitHub puts in there is run by the shell: use `env`"


def _audit(place: Path) -> list[str]:
    """What zizmor says of the workflows there: the names of its checks. It asks nobody."""
    command = [Path(sysconfig.get_path("scripts"), "zizmor"), "--offline", "--no-progress", "--persona=auditor"]
    told = subprocess.run(
        [*command, "--quiet", "--strict-collection", "--format=json-v1", place],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stdout, told.stderr
    return [finding["ident"] for finding in json.loads(told.stdout)]


def test_a_program_that_knows_workflows_finds_nothing_in_ours() -> None:
    assert _audit(ROOT / ".github") == []


WEAK = {
    "a title that the shell runs": ("- run: echo '${{ github.event.pull_request.title }}'", "template-injection"),
    "a title in the shell's environment file": (
        '- run: echo "TITLE=$TITLE" >> "$GITHUB_ENV"\n        env: {TITLE: "${{ github.event.pull_request.title }}"}',
        "github-env",
    ),
    "an action by its tag": ("- uses: actions/setup-python@v7", "unpinned-uses"),
    "credentials left for later steps": (
        "- uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
        "artipacked",
    ),
    "every secret at once": ("- run: ./x\n        env: {ALL: '${{ toJSON(secrets) }}'}", "overprovisioned-secrets"),
}


@pytest.mark.parametrize(("step", "said"), WEAK.values(), ids=WEAK.keys())
def test_a_weak_step_is_found(tmp_path: Path, step: str, said: str) -> None:
    """What the test above would say if somebody added such a step."""
    text = (ROOT / ".github/workflows/checks.yml").read_text("utf-8").replace("on:\n  pull_request:", "on:\n  {on}:")
    at = text.index("- run: bash .ci/run")
    file = tmp_path / ".github/workflows/checks.yml"
    file.parent.mkdir(parents=True)
    file.write_text(text[:at].replace("{on}", "pull_request_target") + f"{step}\n      " + text[at:], "utf-8")

    found = _audit(tmp_path)
    assert said in found
    assert "dangerous-triggers" in found


def test_the_versions_of_docscheck_agree_with_the_release_script() -> None:
    ours = tomllib.loads((ROOT / "packaging/docscheck/pyproject.toml").read_text("utf-8"))["project"]
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert ours["requires-python"] == whole["requires-python"]
    assert ours["scripts"] == whole["scripts"]
    assert ours["version"] == docscheck.__version__


def test_nobody_is_sent_to_the_package_of_somebody_else() -> None:
    """PyPI's `docscheck` is not ours."""
    name = tomllib.loads((ROOT / "packaging/docscheck/pyproject.toml").read_text("utf-8"))["project"]["name"]
    pages = [*(ROOT / "docs/contribute").glob("*.md"), ROOT / "packaging/docscheck/README.md", ROOT / "README.md"]
    texts = [page.read_text("utf-8") for page in pages]
    named = [one for text in texts for one in re.findall(r"([\w-]+) @ git\+https://\S+#subdirectory=(\S+)\"", text)]

    assert len(named) >= 5
    assert set(named) == {(name, "packaging/docscheck")}
    assert not [text for text in texts if re.search(r"pip install (-\S+ )*docscheck|[\[ ]docscheck==", text)]
