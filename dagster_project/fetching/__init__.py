"""Live sources: what their publishers serve over HTTP, fetched into an inbox of the home.

Plain functions, no Dagster. What is asked, and where, is data (`seeds/live_sources.csv`). What
comes back is put in the live inbox only when it is whole and of the kind that was asked for;
landing then recognises, lands or refuses it exactly as it would in any folder.
"""
