"""Outcome indicators for health and care in England, published so that they can be trusted."""

__version__ = "0.1.0"
