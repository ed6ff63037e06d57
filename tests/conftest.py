"""What holds for every test: hypothesis draws the same examples on every run, and not too many."""

from hypothesis import settings

settings.register_profile(
    "calfeed", derandomize=True, database=None, deadline=None, max_examples=60
)
settings.load_profile("calfeed")
