"""Alerts: what changed state, who is told, in what words, and whether it reached them.

`look.py` makes one pass: causes are collected (`from_state.py`, `from_release.py`), the machine
says which alerts opened, grew, are due to be told again or are over (`machine.py`), routing says
whom each concerns (`routing.py`), words are found for their role (`wording.py`), and notices go
into the outbox in the same write as the state (`store.py`). `delivery.py` takes them from there.
"""
