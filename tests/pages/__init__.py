"""Pages of `docs/reference` that are made from the tests and from what they measure."""
