"""Outcomes-based contracts: what is decided, what is earned, and how much of that is chance.

Nothing here knows a scheme by name: how each one pays is data in `seeds/`.
"""
