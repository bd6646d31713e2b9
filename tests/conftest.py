"""What holds for every test."""

from hypothesis import settings

# Other work on the machine must not turn a slow example into a failure; what failed once is told with how to repeat it.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")
