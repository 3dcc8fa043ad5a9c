"""Forms that partners fill in: `outcomes template SOURCE` writes them, landing takes them in."""
