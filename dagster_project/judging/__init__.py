"""Judgement: the bounds of `expectations/` applied to the figures that dbt computed.

What belongs here: reading the suites, running Great Expectations on evidence, turning its answers
into one of five outcomes, storing every outcome, sealing what was judged. What doesn't: any figure
(dbt computes those), any bound (those are in the suites), any decision to publish.
Nothing here knows of Dagster or dbt, and Great Expectations is imported only when judging starts.
"""
