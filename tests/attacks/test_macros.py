"""Template injection: what a page writes between `[=` and `=]`, as both hosts of the macros run it."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
import pytest
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import SecurityError

ROOT = Path(__file__).resolve().parents[2]


class Host:
    """What the macros plugin hands to `define_env`."""

    def __init__(self) -> None:
        self.conf = {"docs_dir": str(ROOT / "docs")}
        self.page = SimpleNamespace(path="architectures/recurrent/retnet.md", meta={"spec": "retnet"})
        self.macros: dict[str, Any] = {}
        self.filters: dict[str, Any] = {}

    def macro(self, function: Any) -> Any:
        self.macros[function.__name__] = function
        return function

    def filter(self, function: Any, name: str) -> Any:
        self.filters[name] = function
        return function


@pytest.fixture(scope="module")
def environment() -> jinja2.Environment:
    """The environment of the macros, as the plugin and Zensical put it together, with all that they add."""
    from macros import define_env

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(ROOT / "docs"),
        undefined=jinja2.StrictUndefined,
        variable_start_string="[=",
        variable_end_string="=]",
        block_start_string="[%",
        block_end_string="%]",
        comment_start_string="[~#",
        comment_end_string="#~]",
        extensions=["archmarkdown.expressions.OnlyExpressions"],
    )
    host = Host()
    define_env(host)
    made.globals.update(host.macros, context=lambda *_: os.environ, now=lambda: 1, fix_url=str)
    made.filters.update(host.filters, pretty=str, relative_url=str)
    return made


def render(environment: jinja2.Environment, source: str) -> str:
    """Render as the hosts do, with the variables that they pass."""
    variables = {"config": {"a": 1}, "files": [1], "environment": dict(os.environ), "git": {}, "page": object()}
    return environment.from_string(source).render(**variables)


ATTEMPTS = {
    # Names of the host.
    "the settings": ("[= config =]", "no macro `config`"),
    "the settings of the plugin": ("[= plugin =]", "no macro `plugin`"),
    "the list of files": ("[= files =]", "no macro `files`"),
    "the system": ("[= environment =]", "no macro `environment`"),
    "the history": ("[= git =]", "no macro `git`"),
    "the page object": ("[= page.file.abs_src_path =]", "no macro `page`"),
    "all variables": ("[= context() =]", "no macro `context`"),
    "all variables, made pretty": ("[= context() | pretty =]", "no (filter|macro) `(pretty|context)`"),
    "the documentation macro": ("[= macros_info() =]", "no macro `macros_info`"),
    "the clock": ("[= now() =]", "no macro `now`"),
    "jinja's own": ("[= self._TemplateReference__context =]", "not available to pages|no macro `self`"),
    "a namespace": ("[= namespace(a=1) =]", "no macro `namespace`"),
    "cycler's globals": ("[= cycler.__init__.__globals__.os.popen('id').read() =]", "not available to pages|no macro"),
    "joiner's globals": ("[= joiner.__init__.__globals__ =]", "not available to pages|no macro"),
    "lipsum's globals": ("[= lipsum.__globals__['os'].environ =]", "not available to pages|no macro"),
    # Python's own ways.
    "subclasses of a text": ("[= ''.__class__.__mro__[1].__subclasses__() =]", "not available to pages"),
    "subclasses through items": ("[= ''['__class__']['__mro__'] =]", "has no|no attribute|unsafe"),
    "subclasses through a filter": ("[= '' | attr('__class__') =]", "no filter `attr`"),
    "subclasses through map": ("[= [''] | map(attribute='__class__') | list =]", "no filter"),
    "globals of a macro": ("[= glance.__globals__ =]", "not available to pages"),
    "globals of a macro through items": ("[= glance['__globals__'] =]", "unsafe|has no|no attribute"),
    "a method's function": ("[= law('besiroglu').optimum['__func__'] =]", "unsafe|has no|no attribute"),
    "the module of a value": ("[= law('besiroglu')['__class__'] =]", "unsafe|has no|no attribute"),
    "a format string": ("[= '{0.__class__}'.format(1) =]", "unsafe|has no attribute|no attribute"),
    "a mapped format string": ("[= '{a.__class__}'.format_map({'a': 1}) =]", "Dict|unsafe|no attribute"),
    # Jinja's statements.
    "an inclusion": ("[% include '_data/references.bib' %]", "an inclusion"),
    "an inclusion from elsewhere": ("[% include '/etc/passwd' %]", "an inclusion"),
    "an import": ("[% import 'x.md' as x %]", "an import"),
    "an import of names": ("[% from 'x.md' import y %]", "an import"),
    "a template's parent": ("[% extends 'index.md' %]", "a template of its own"),
    "a loop": ("[% for i in range(10**9) %]x[% endfor %]", "a loop"),
    "a condition": ("[% if 1 %]x[% endif %]", "a statement"),
    "an assignment": ("[% set x = 1 %]", "an assignment"),
    "a macro that calls itself": ("[% macro a() %][= a() =][% endmacro %]", "a macro of its own"),
    "a call block": ("[% call glance() %]x[% endcall %]", "CallBlock"),
    "a filter block": ("[% filter upper %]x[% endfilter %]", "FilterBlock"),
    "the debug tag": ("[% debug %]", "unknown tag 'debug'"),
    "the do tag": ("[% do glance() %]", "unknown tag 'do'"),
    # Exhaustion.
    "a power of powers": ("[= 9**9**9**9**9 =]", "too large"),
    "a long text": ("[= 'a' * 10**10 =]", "takes numbers, not str"),
    "a long list": ("[= [0] * 10**9 =]", "takes numbers, not list"),
    "a wide field": ("[= '%01000000000d' % 1 =]", "takes numbers, not str"),
    "a wide text": ("[= 'a'.ljust(10**9) =]", "unsafe|no attribute"),
    "many places": ("[= 1 | round(10**9) =]", "at most 12 places"),
    "few places": ("[= 5 | round(-(10**9)) =]", "at most 12 places"),
    "a large range": ("[= range(10**9) | list =]", "no (macro|filter)"),
    "a formula": ("[= 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 =]", "9 operations are a formula"),
    "a sum of thousands": ("[= " + "1+" * 5000 + "1 =]", "nested too deeply"),
    "thousands of brackets": ("[= " + "(" * 20_000 + "1" + ")" * 20_000 + " =]", "nested too deeply"),
    "thousands of signs": ("[= " + "-" * 20_000 + "1 =]", "nested too deeply"),
    "a long text several times": ("[= bibliography() =]" * 9, "has more than 1000000 characters"),
    "a hundred thousand expressions": ("[= 1 =]" * 100_000, "too many expressions"),
    "division by nothing": ("[= 1 / 0 =]", "division by zero"),
    "a power without end": ("[= 1e308 ** 9 =]", "out of range"),
    "a billion digits": ("[= 1 | bytes(10**9) =]", "between 1 and 15"),
    "a billion digits of a count": ("[= 1 | count(digits=10**9) =]", "between 1 and 15"),
    "fewer digits than none": ("[= 1 | count(-(10**9)) =]", "between 1 and 15"),
    "digits without end": ("[= 1 | count(1e308 * 1e308) =]", "out of range|between 1 and 15|inf"),
    # Our own macros with what they do not expect: a sentence, not an error of Python's that nobody understands.
    "too many arguments": ("[= glance(1, 2, 3) =]", r"TypeError: glance\(\) takes 0 positional arguments"),
    "a macro as argument": ("[= value(glance, glance) =]", "unknown model|AttributeError"),
    "a list as model": ("[= params([[]]) =]", "unknown model|TypeError|AttributeError"),
    "more tokens than there are": ("[= kv_total('llama-2-7b', 1e308) =]", "OverflowError"),
    "stored results of another page": (
        "[= stored_table('../../mkdocs', 'x') =]",
        "no stored results|nothing is stored",
    ),
    "a number of another page": ("[= stored('../../mkdocs') =]", "no stored|nothing is stored"),
    "a family that is none": ("[= family_table('recurent') =]", 'unknown family "recurent".*recurrent'),
    "the descent of a family that is none": ("[= lineage('recurent') =]", 'unknown family "recurent".*recurrent'),
    "a format that is none": ("[= kv_per_token('llama-2-7b', dtype='bf17') =]", 'unknown format "bf17".*bf16'),
    "a law that is none": ("[= law('besirogl') =]", 'unknown law "besirogl".*besiroglu'),
    "a text in place of models": ("[= compare_models('llama-2-7b') =]", "by a list of them"),
    "sets of a billion things": ("[= choose(10**9, 5 * 10**8) =]", "more than 10,000 things"),
    "a model of a billion layers": ("[= params('llama-2-7b', layers=10**9) =]", "at most"),
    "a model of less than no layers": ("[= params('llama-2-7b', layers=-1) =]", "at most"),
    "layers that are no number": ("[= params('llama-2-7b', layers='32') =]", "is a number"),
    "a list of layers": ("[= params('llama-2-7b', layers=[32]) =]", "is a number"),
    "a model without that field": ("[= params('llama-2-7b', experts=8) =]", 'unknown field of llama-2-7b "experts"'),
    "a name that text hides": ('[= ("gla" "nce")() =]', "is not safely callable"),
    "a macro's own name": ("[= glance.__name__ =]", "not available to pages"),
    "a generator's frame": ("[= law('besiroglu').optimum.__self__ =]", "not available to pages"),
    "a value's fields": ("[= law('besiroglu')._asdict() =]", "not available to pages"),
    "a value's way to change": ("[= law('besiroglu')['_replace'] =]", "unsafe|has no|no attribute"),
    # Reading through our own macros.
    "a model outside the folder": ("[= value('../../../etc/passwd', 'x') =]", "no model|unknown model"),
    "an absolute model": ("[= value('/etc/passwd', 'x') =]", "no model|unknown model"),
    "a spec outside the folder": ("[= models_using('../../mkdocs') =]", "no|unknown"),
}


@pytest.mark.parametrize(("source", "message"), ATTEMPTS.values(), ids=ATTEMPTS.keys())
def test_an_attempt_fails_and_says_why(environment: jinja2.Environment, source: str, message: str) -> None:
    with pytest.raises(Exception, match=message) as caught:
        render(environment, source)

    assert not isinstance(caught.value, RecursionError | MemoryError)
    assert len(str(caught.value)) < 600


def test_a_macro_that_fails_is_told_on_its_line(environment: jinja2.Environment) -> None:
    with pytest.raises(TemplateSyntaxError) as caught:
        render(environment, "one\n\n[= 1 =] and\n[= value('nobody', 'x') =]\n")

    assert caught.value.lineno == 4
    assert "unknown model" in str(caught.value)


def test_a_message_names_the_line_and_what_is_near(environment: jinja2.Environment) -> None:
    with pytest.raises(TemplateSyntaxError) as caught:
        render(environment, "one\n\n[= glanse() =]\n")

    assert caught.value.lineno == 3
    assert "did you mean `glance`?" in str(caught.value)


def test_what_pages_write_still_works(environment: jinja2.Environment) -> None:
    source = """[= (2 * n_params("llama-2-7b")) | bytes =] [= (7 / 3) | round(1) =] [= (16 // 4) ** 2 =]
[= law("besiroglu").optimum(1e21)[0] | count =] [= -5 % 3 =] [= 1 if 2 > 1 else 3 =] [= 2.5 | round | int =]"""

    assert render(environment, source).replace("\N{NO-BREAK SPACE}", " ") == ("12.6 GiB 2.3 16\n2.78B 1 1 2")


def test_the_sandbox_stands_behind_the_list(environment: jinja2.Environment) -> None:
    assert environment.sandboxed
    assert environment.loader is None
    with pytest.raises(SecurityError):
        environment.call(environment.from_string("").new_context(), os.getcwd)  # type: ignore[attr-defined]


def test_the_sites_settings_load_it() -> None:
    """Without the line in mkdocs.yml all of this would be for nothing."""
    from mkdocs.config import load_config

    assert load_config(str(ROOT / "mkdocs.yml")).plugins["macros"].config["j2_extensions"] == [
        "archmarkdown.expressions.OnlyExpressions"
    ]


def test_expressions_that_take_long_are_ended_where_they_stand(
    environment: jinja2.Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archmarkdown import expressions

    now = iter(range(0, 1000, 25))
    monkeypatch.setattr(expressions.time, "monotonic", lambda: next(now))
    with pytest.raises(TemplateSyntaxError, match="take more than 60 s") as caught:
        render(environment, "\n\n".join(["[= explorable_cards() =]"] * 9))

    assert caught.value.lineno == 3
