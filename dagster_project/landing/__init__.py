"""How bytes come in: walk the inbox, recognise by content, read, keep unchanged, or refuse."""
