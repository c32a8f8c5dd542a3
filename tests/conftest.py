"""How the whole suite runs."""

from __future__ import annotations

import os

from hypothesis import settings

# No deadlines: a shared machine may be slow at any moment.  In CI the examples
# are the same on every run, so that a failure belongs to the change it is seen on.
settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")
