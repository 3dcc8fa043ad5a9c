"""`outcomes preview`: one indicator built, judged and shown, in a copy that is gone afterwards."""
