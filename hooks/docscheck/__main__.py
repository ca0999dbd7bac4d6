"""`python -m docscheck`."""

import sys

from docscheck.cli import main

if __name__ == "__main__":
    sys.exit(main())
