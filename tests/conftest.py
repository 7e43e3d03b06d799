"""No test is timed: on a busy machine a good one may take long, and what is quick is measured in `benchmarks/`."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
