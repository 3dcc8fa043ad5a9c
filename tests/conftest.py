"""Every run of the tests puts the same cases to the code; `make test-new-cases` puts new ones."""

from hypothesis import settings

settings.register_profile("same_cases", derandomize=True)
settings.register_profile("new_cases", max_examples=500, print_blob=True)
settings.load_profile("same_cases")
