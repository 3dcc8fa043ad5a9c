"""Releases: written beside the old one, checked, switched by one rename, and taken back."""
