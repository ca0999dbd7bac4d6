"""Settings that are remembered are those that would be read, whatever has changed since, and whatever lies there."""

from __future__ import annotations

import json
import os
from pathlib import Path

import defect_pages
import pytest
from docscheck import load_config, settings_memory, settings_reading
from docscheck.memory import file_for
from hypothesis import given
from hypothesis import strategies as st

KETTLE = """\
INHERIT: base.yml
site_name: Kettle
use_directory_urls: false
extra: {sizes: [1, 2.5, null], empty: {}, none: ~}
markdown_extensions:
  - toc: {slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}}
  - pymdownx.emoji: {emoji_index: !!python/name:material.extensions.emoji.twemoji }
"""


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A file with settings, which are remembered, and one that it inherits from."""
    (tmp_path / "base.yml").write_text("site_name: Base\nsite_author: Tea\n", "utf-8")
    (tmp_path / "mkdocs.yml").write_text(KETTLE, "utf-8")
    return tmp_path / "mkdocs.yml"


def _as_read(file: Path) -> object:
    return settings_reading.read(file).values


def _is_remembered(file: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the settings are not read again."""
    with monkeypatch.context() as patch:
        calls: list[Path] = []
        read = settings_reading.read
        patch.setattr(settings_reading, "read", lambda path: calls.append(path) or read(path))
        settings_memory.read(file)
        return not calls


@pytest.mark.parametrize("config", defect_pages.read("site")["configs"])
def test_they_are_what_would_be_read(tmp_path: Path, config: str) -> None:
    file = defect_pages.write_site(tmp_path, config)
    first, second = (settings_memory.read(file) for _ in range(2))
    assert repr(first) == repr(second) == repr(_as_read(file))


def test_they_are_read_once(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_config(settings, remember=True).values == _as_read(settings)
    assert _is_remembered(settings, monkeypatch)
    assert load_config(settings, remember=True).values == _as_read(settings)


@pytest.mark.parametrize("name", ["mkdocs.yml", "base.yml"])
def test_another_size_or_time_is_noticed(settings: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    file = settings.parent / name
    settings_memory.read(settings)
    before, text = file.stat(), file.read_text("utf-8")
    file.write_text(text.replace("Kettle", "Kittle").replace("Tea", "Pea"), "utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not _is_remembered(settings, monkeypatch)
    assert settings_memory.read(settings) == _as_read(settings)


def test_a_file_that_goes_is_noticed(settings: Path) -> None:
    settings_memory.read(settings)
    (settings.parent / "base.yml").unlink()
    with pytest.raises(settings_reading.ConfigError):
        settings_memory.read(settings)


def test_another_version_of_docscheck_or_python_reads_them_again(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings_memory.read(settings)
    monkeypatch.setattr(settings_memory, "_key", lambda: "another")
    assert not _is_remembered(settings, monkeypatch)


@pytest.mark.parametrize(
    "text",
    [
        "extra: {day: 2026-12-01}",
        "extra: {1: one}",
        "extra: {on: yes}",
        "extra: !!set {a, b}",
        "extra: {'!inert': [os.system]}",
        "site_author: !ENV [NOBODY_SETS_THIS, nobody]",
        "%TAG !e! !E\n---\nsite_author: !e!NV NOBODY_SETS_THIS",
        f"extra: {{many: 0x{'f' * 5000}}}",
    ],
)
def test_what_json_would_change_or_the_environment_decides_is_never_remembered(
    settings: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.write_text(f"{text}\n", "utf-8")
    assert settings_memory.read(settings) == _as_read(settings)
    assert not _is_remembered(settings, monkeypatch)


@pytest.mark.parametrize("at", [0, 1, -1, -2])
def test_broken_they_are_read_again(settings: Path, at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    settings_memory.read(settings)
    memory = file_for(settings, "settings")
    memory.write_text(memory.read_text("utf-8")[:at], "utf-8")
    assert not _is_remembered(settings, monkeypatch)
    assert _is_remembered(settings, monkeypatch)


@pytest.mark.parametrize(
    "text", ["[]", "{}", "1", '{"!inert": 1}', '{"!inert": []}', '{"!inert": {"a": 1}}', "[" * 100_000, "\udc80"]
)
def test_whatever_lies_there_is_no_error(settings: Path, text: str) -> None:
    settings_memory.read(settings)
    file_for(settings, "settings").write_text(text, "utf-8", errors="surrogateescape")
    assert settings_memory.read(settings) == _as_read(settings)


@pytest.mark.parametrize("values", [[], {"key": 1}, "!inert"])
def test_values_of_another_kind_are_no_settings(settings: Path, values: object) -> None:
    settings_memory.read(settings)
    memory = file_for(settings, "settings")
    stored = json.loads(memory.read_text("utf-8"))
    for spoilt in ({**stored, "values": values}, {**stored, "files": values}):
        if spoilt["values"] == {"key": 1}:
            continue
        memory.write_text(json.dumps(spoilt), "utf-8")
        assert settings_memory.read(settings) == _as_read(settings)


def test_where_nothing_can_be_written_they_are_read_each_time(settings: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (settings.parent / ".cache").write_text("in the way", "utf-8")
    assert settings_memory.read(settings) == _as_read(settings)
    assert not _is_remembered(settings, monkeypatch)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text() | st.sampled_from(["!inert"]) | st.integers(), inner)
        | st.builds(settings_reading.Inert, st.text(), inner)
    ),
)


@given(PLAIN)
def test_what_is_kept_comes_back_as_it_was(value: object) -> None:
    try:
        plain = settings_memory._plain(value)
    except settings_memory._NotPlainError:
        return
    again = json.loads(json.dumps(plain), object_hook=settings_memory._restored)
    assert repr(again) == repr(value)
