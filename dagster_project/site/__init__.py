"""The reporting tool and the data explorer, written from a release and only from it."""
