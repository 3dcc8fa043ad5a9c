"""Indicators that are worked out here, each defined by two files of `dbt/models/indicators`.

`form` says what a definition may hold, `reading` reads the folder, `rows` turns definitions into
rows of the registry, `generated` writes the models that dbt parses beside the analyst's own.
"""
