"""`python -m docscheck.online`."""

import sys

from docscheck.online.command import main

if __name__ == "__main__":
    sys.exit(main())
