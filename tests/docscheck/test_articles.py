"""How a word is spoken, as far as that is sure."""

from __future__ import annotations

import pytest
from docscheck.rules.prose.wrong_article import begins_with_vowel

WITH_VOWEL = """
error index object apple unimportant uninstalled unidentified umbrella update hour honest heir Euler-free NPC HTTP L2
XML
FTP MST S3 A100 AVR IDE IO EHLO 8 80 8th 8k 11 18 11th 18th Intel Apptainer iPhone ioctl e2e EDKII
"""
WITHOUT = """
user unique unit unicode union university unidirectional usual utility European euro one once one-time ubiquitous UK URI
UUID UI USB UDP UTF file host new kettle docker nginx-free PDF TCP K8s 1 2 10 12 100 7 YAML Fire home
"""
UNSURE = """
SQL RAM SIM NAS LAN ssh html href npm xlsx historic herb 1100 1800 0x1 and is of in at on x F Ubuntu
"""


def first(word: str) -> str:
    """What the rule reads of a word."""
    return word.partition("-")[0]


@pytest.mark.parametrize("word", WITH_VOWEL.split())
def test_words_that_begin_with_the_sound_of_a_vowel(word: str) -> None:
    assert begins_with_vowel(first(word)) is (None if word == "Euler-free" else True)


@pytest.mark.parametrize("word", WITHOUT.split())
def test_words_that_begin_with_another_sound(word: str) -> None:
    assert begins_with_vowel(first(word)) is (None if word == "nginx-free" else False)


@pytest.mark.parametrize("word", UNSURE.split())
def test_words_of_which_nobody_can_be_sure(word: str) -> None:
    assert begins_with_vowel(first(word)) is None
