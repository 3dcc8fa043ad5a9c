"""Revisions of what was published: what waits for a reason, and the reasons that were given."""
