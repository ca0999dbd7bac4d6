"""An edit of a text: applied, shown as a patch, or written so that nothing else of the file changes."""

from __future__ import annotations

import difflib
import errno
import io
import os
import re
import tempfile
from pathlib import Path

from docscheck.config import resolved
from docscheck.diagnostics import Edit
from docscheck.source import Source, Span

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_WRITABLE = 0o222
"""The rights to write, of which a read-only file gives none to anybody."""


def applied(text: str, edit: Edit) -> str:
    """The text after the edit."""
    return text[: edit.span.start] + edit.replacement + text[edit.span.end :]


def diff(path: str, before: str, after: str) -> str:
    """The change as a patch."""
    lines = difflib.unified_diff(_lines(before), _lines(after), f"a/{path}", f"b/{path}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def line_edits(before: str, after: str) -> list[Edit]:
    """Replacements of whole lines that turn one text into the other."""
    old, new = _lines(before), _lines(after)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    changed = (code for code in matcher.get_opcodes() if code[0] != "equal")
    return [Edit(Span(starts[i1], starts[i2]), "".join(new[j1:j2])) for _, i1, i2, j1, j2 in changed]


class ReadOnlyError(PermissionError):
    """A file whose rights say that it is not to be written, even where the rights of its folder would allow it."""


def _lines(text: str) -> list[str]:
    """The lines with their ends; other signs at which Python would part a text are no ends of lines here."""
    return list(io.StringIO(text, newline="\n"))


def write(file: Path, before: str, after: str) -> bool:
    """Write the text with the line ends that each line has, whole or not at all; False where nothing was written.

    A file that was changed meanwhile is left alone, and so is one with bytes that are no text, which would be lost.
    Raises ReadOnlyError for a file that is not to be written.
    """
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if Source.read(file, "").text != before:
        return False
    encoding = "utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "utf-8"
    _replace(file, _with_ends_of(text.removeprefix("\ufeff"), before, after).encode(encoding))
    return True


def _with_ends_of(raw: str, before: str, after: str) -> str:
    """The new text with the line ends of the file: each line keeps its own, a new one has the usual one."""
    windows = raw.count("\r\n")
    if "\r" not in raw:
        return after
    if raw.count("\r") == windows == before.count("\n"):
        return after.replace("\n", "\r\n")
    usual = "\r\n" if windows * 2 >= before.count("\n") else "\n"
    kept = _LINE.findall(raw)
    new = _lines(after)
    matcher = difflib.SequenceMatcher(None, _lines(before), new, autojunk=False)
    written = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            written += kept[i1:i2]
        else:
            for line in new[j1:j2]:
                # Behind the return of an old Mac, a line feed of its own would be one end with it.
                end = "\r\n" if line == "\n" and written and written[-1].endswith("\r") else usual
                written.append(line.removesuffix("\n") + end if line.endswith("\n") else line)
    return "".join(written)


def _replace(file: Path, content: bytes) -> None:
    """Write beside the file and take its place: with a full disk, the file stays as it was."""
    target = resolved(file)  # a link stays a link
    mode = target.stat().st_mode
    if not mode & _WRITABLE or not os.access(target, os.W_OK):  # the superuser has access to every file
        raise ReadOnlyError(errno.EACCES, "cannot be written: it is read-only", str(file))
    part = ""
    try:
        handle, part = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
        os.chmod(part, mode & 0o7777)
        os.replace(part, target)
    except OSError as error:
        raise OSError(error.errno, f"cannot be written: {error.strerror}", str(file)) from error
    finally:
        if part:
            Path(part).unlink(missing_ok=True)
