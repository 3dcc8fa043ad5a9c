"""Keeping small counts from being read or worked out: what is hidden, and the proof that it holds.

`cells` is what is published of one indicator, `relations` which sums hold among it, `attack` what a
reader who knows all of that can still work out, `protect` which cells are hidden so that it is not
enough, `audit` the same question asked of what is about to be released.
"""
