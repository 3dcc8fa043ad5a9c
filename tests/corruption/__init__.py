"""Damage as publishers and partners really cause it, done to clean extracts: `make corrupt`."""
