"""No test is timed: on a busy machine a good one may take long, and what is quick is measured in `benchmarks/`."""

import os

from hypothesis import settings

# On a clean checkout the same examples each time: whether it passes is not to depend on luck.
settings.register_profile("untimed", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("untimed")
