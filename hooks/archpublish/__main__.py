"""`python -m archpublish`: adds to a site that any generator has built what `mkdocs build` adds by itself."""

from __future__ import annotations

import argparse
from pathlib import Path

from archpublish import site


def main() -> None:
    """Read the arguments and write."""
    parser = argparse.ArgumentParser(prog="python -m archpublish", description=__doc__)
    parser.add_argument("site", type=Path, nargs="?", default=Path("site"), help="the built site")
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="the pages it was built from")
    arguments = parser.parse_args()
    print(f"{site.write(arguments.site, arguments.docs)} files written to {arguments.site}")


if __name__ == "__main__":
    main()
