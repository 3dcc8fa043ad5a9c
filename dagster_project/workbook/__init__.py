"""`outcomes.xlsx`: a release for people who live in Excel, written from its tables alone."""
