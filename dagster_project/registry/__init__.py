"""The registry: reference data in `seeds/`, read, and checked table by table and as a whole."""
