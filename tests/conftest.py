"""What holds for all tests."""

from hypothesis import settings

# A busy machine must not fail a law: how fast things are is measured by tests/benchmarks.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")
