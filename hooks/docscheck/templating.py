"""What plugins for templates replace before Markdown is read."""

from __future__ import annotations

import re
from functools import lru_cache

from docscheck.config import Config

_QUIZZES = frozenset(("mkdocs_quiz", "mkdocs-quiz", "quiz"))
"""Plugins that read the questions between `<quiz>` and `</quiz>` themselves."""


@lru_cache(maxsize=8)
def macro_pattern(config: Config) -> re.Pattern[str] | None:
    """What a templating plugin replaces in the source; None where the site has none."""
    names = {"macros", "macros-plugin", "jinja2", "markdownextradata", "table-reader", "simple-hooks", "monorepo"}
    extension = "zensical.extensions.macros"
    quiz = [r"<quiz>(?:(?!</?quiz>)[\s\S]){0,5000}</quiz>"] if _QUIZZES & config.plugins.keys() else []
    if not names & config.plugins.keys() and not config.has(extension):
        return re.compile(quiz[0]) if quiz else None
    settings = config.plugins.get("macros") or config.extensions.get(extension) or {}
    delimiters = quiz
    for kind, opening, closing in (("variable", "{{", "}}"), ("block", "{%", "%}"), ("comment", "{#", "#}")):
        start = str(settings.get(f"j2_{kind}_start_string") or opening)
        end = str(settings.get(f"j2_{kind}_end_string") or closing)
        first, last = re.escape(start), re.escape(end)
        if kind == "variable":  # three quotes may hold `}}`, and `{{ "{{" }}` prints the marks themselves
            quoted = r'"""(?:(?!""")[\s\S]){0,50000}?"""' + r"|\"[{}%]+\"|'[{}%]+'"
            delimiters.append(rf'{first}(?:{quoted}|(?!{first}|""")[\s\S]){{0,50000}}?{last}')
        delimiters.append(rf"{first}(?:(?!{first})[\s\S]){{0,50000}}?{last}")
    return re.compile("|".join(delimiters))
