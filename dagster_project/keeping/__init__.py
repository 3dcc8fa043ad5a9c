"""Keeping a home: what it may let go of, copies of it, and making a home from a copy."""
