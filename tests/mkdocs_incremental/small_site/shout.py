"""An extension of the site's own, which reads a file once for all pages."""

from functools import cache
from pathlib import Path

from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor


@cache
def words(path):
    return Path(path).read_text().split()


class Shout(Postprocessor):
    def run(self, text):
        for word in words("words.txt"):
            text = text.replace(f" {word} ", f" {word.upper()} ")
        return text


class ShoutExtension(Extension):
    def extendMarkdown(self, md):  # noqa: N802
        md.postprocessors.register(Shout(md), "shout", 5)


def makeExtension(**kwargs):  # noqa: N802
    return ShoutExtension(**kwargs)
