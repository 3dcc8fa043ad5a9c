"""How much is read before a file is refused. Past these, it isn't an extract but a mistake."""

MAX_COLUMNS = 1_000
MAX_HEADER_BYTES = 256 * 1024
MAX_JSON_BYTES = 256 * 2**20
MAX_WORKBOOK_BYTES = 200 * 2**20
MAX_WORKBOOK_UNZIPPED_BYTES = 2 * 2**30
MAX_ZIP_MEMBERS = 2_000
MAX_UNZIPPED_BYTES = 4 * 2**30
# Text compresses about tenfold, at most a hundredfold; a bomb, a thousandfold and more.
MAX_ZIP_RATIO = 500
MAX_SIDECAR_BYTES = 4 * 1024
