"""How much is read before a file is refused. Past these, it isn't an extract but a mistake."""

MAX_FILE_BYTES = 8 * 2**30
MAX_COLUMNS = 1_000
MAX_HEADER_BYTES = 256 * 1024
MAX_JSON_BYTES = 256 * 2**20
MAX_WORKBOOK_BYTES = 200 * 2**20
# A form is held in memory with all its looks.
MAX_FORM_BYTES = 10 * 2**20
MAX_WORKBOOK_UNZIPPED_BYTES = 2 * 2**30
MAX_ZIP_MEMBERS = 2_000
MAX_UNZIPPED_BYTES = 4 * 2**30
# Text compresses about tenfold, at most a hundredfold; a bomb, a thousandfold and more.
MAX_ZIP_RATIO = 500
MAX_SIDECAR_BYTES = 4 * 1024
# How much of a zip is unpacked to look for NHS numbers in it, and how deep zips may stand in zips.
MAX_SEARCHED_BYTES = 512 * 2**20
MAX_SEARCH_DEPTH = 3
# A sheet is read whole up to this many cells between its first and its last; beyond, row by row.
MAX_CELLS_AT_ONCE = 4_000_000
# A part of a workbook is looked at in one piece up to this size.
MAX_PART_AT_ONCE = 128 * 2**20
# What the reading of one old workbook may take.
MAX_OLD_WORKBOOK_MEMORY = 2 * 2**30
MAX_OLD_WORKBOOK_SECONDS = 60
MAX_OLD_WORKBOOK_TEXT = 128 * 2**20
