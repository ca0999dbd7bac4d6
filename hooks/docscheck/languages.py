"""The languages of code that fences name."""

from __future__ import annotations

_LANGUAGES_TEXT = """
bash clojure cmake console csharp dart diff docker dockerfile elixir erlang fortran graphql groovy haskell html http
java javascript jinja json julia kotlin latex lisp makefile markdown matlab mermaid nginx perl plaintext powershell
protobuf puppet python ruby rust scala scheme scss shell solidity sqlite svelte swift systemverilog terraform text toml
typescript verilog vhdl yaml
"""
LANGUAGES = frozenset(_LANGUAGES_TEXT.split())
"""What is written often enough that something like it is a slip."""
