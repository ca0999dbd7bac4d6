"""The build backend: setuptools, after one clear sentence for a Python that is too old.

Older installers look for every dependency before they compare `requires-python`, and then complain of one that has no
release for that Python, with a list of hundreds that have.
"""

import sys

OLDEST = (3, 11, 5)  # the same as `requires-python`; a test compares them

if sys.version_info < OLDEST:
    needed, found = (".".join(map(str, version)) for version in (OLDEST, sys.version_info[:3]))
    sys.exit(f"Python {needed} or newer is needed, and this is {found}: make the environment with a newer Python.")

from setuptools.build_meta import *  # noqa: E402, F403  (a backend is setuptools' functions under this module's name)
