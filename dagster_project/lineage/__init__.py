"""Where a published value comes from, what judged it, and how it changed: `outcomes explain`."""
