"""Which findings are wanted: what the settings of a site, and whoever asks, select and ignore."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from docscheck.config import Config, ConfigError
from docscheck.diagnostics import Diagnostic, Severity
from docscheck.rules import FAMILIES, every_rule
from docscheck.site_files import SiteFiles
from docscheck.words.distance import closest


def chosen(
    site: SiteFiles, diagnostics: Iterable[Diagnostic], select: Collection[str], ignore: Collection[str]
) -> list[Diagnostic]:
    """The findings that the site's settings and the caller want, in order."""
    is_chosen = choice(site.config, select, ignore)
    kept = [one for one in diagnostics if is_chosen(one.code, one.rule, one.severity)]
    return sorted(kept, key=lambda diagnostic: diagnostic.order)


def choice(config: Config, select: Collection[str], ignore: Collection[str]) -> Callable[[str, str, Severity], bool]:
    """Whether a finding, told by its rule's code and name and its severity, is wanted by settings and caller."""
    select = [*select, *config.settings["select"]]
    ignore = [*ignore, *config.settings["ignore"]]

    def is_chosen(*finding: str) -> bool:
        if any(_means(entry, *finding) for entry in ignore):
            return False
        return not select or any(_means(entry, *finding) for entry in select)

    return is_chosen


def named_in_settings(config: Config) -> list[str]:
    """What the site's settings select and ignore."""
    return [*config.settings["select"], *config.settings["ignore"]]


def refuse_unknown(entries: Collection[str]) -> None:
    """Raise ConfigError for an entry of --select or --ignore, or of the settings, that means no rule at all."""
    if all(entry.upper() in FAMILIES or entry in _SEVERITIES for entry in entries):
        return  # without the rules, which take longer to import than a page to read
    known = [(rule.code, rule.name, rule.severity) for rule in every_rule()]
    unknown = [entry for entry in entries if not any(_means(entry, *rule) for rule in known)]
    if unknown:
        named = ", ".join(f"`{entry}`" for entry in unknown)
        near = closest(unknown[0], [name for rule in known for name in rule], 0.6)
        meant = f"did you mean `{near}`? " if near else ""
        raise ConfigError(f"no rule is called {named}; {meant}`docscheck explain` lists all of them")


_SEVERITIES = tuple(Severity)


def _means(entry: str, code: str, name: str, severity: str) -> bool:
    """Whether an entry of --select or --ignore means a finding: by its rule's code, that code's beginning or its name,
    or by its severity.
    """
    return code.startswith(entry.upper()) or entry in (name, severity)
