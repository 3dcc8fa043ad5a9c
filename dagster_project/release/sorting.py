"""Rows in the order of their key, kept narrow while they are sorted and spelled out afterwards.

DuckDB holds each row of a sort whole, and what it is sorted by beside it. Many texts, lists or
columns of a key make that more than the figures; at ten million rows it then goes to disk and back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dagster_project.release.csvw import LIST_SEPARATOR
from dagster_project.release.sql import quoted, text, words_of
from dagster_project.release.tables import STORED_AS, Column, PublishedTable

BITS_OF_A_NUMBER = 64
# A date as days since then: none is before it, and so many bits last until the year 45,000.
FIRST_DATE, BITS_OF_A_DATE = "0001-01-01", 24


def sorted_rows(table: PublishedTable, given: Mapping[str, str]) -> str:
    """A query of the table's rows in the order of its key, each column as its file has it.

    `given` are the types of the table's query. Text that is kept as a number beside a list of words
    stays so: it is sorted and written as text at a fraction of the cost. A list column may be given
    as such a text too, its words joined: it is a list again in what this query gives.
    """
    held = ", ".join(_held(column, given[column.name], table.key) for column in table.columns)
    order = ", ".join(_few_numbers(table.key, given))
    spelled = ", ".join(
        f"{spelling} as {quoted(column.name)}"
        for column in table.columns
        if (spelling := _spelling(column, given[column.name], table.key))
    )
    replaced = f" replace ({spelled})" if spelled else ""
    return f"from (from ({table.query}\n) select {held} order by {order}) select *{replaced}"


def _held(column: Column, given: str, key: Sequence[str]) -> str:
    """A column as it is sorted: words as numbers, unless the rows are sorted by them as text."""
    name = quoted(column.name)
    words = words_of(given)
    if words is not None and (column.name not in key or words == sorted(words)):
        return name
    return f"cast({name} as {STORED_AS[column.datatype]}) as {name}"


def _spelling(column: Column, given: str, key: Sequence[str]) -> str:
    """What makes a column that is held as numbers what its file has; empty where it is already."""
    name = quoted(column.name)
    if words_of(given) is None:
        return ""
    if column.datatype == "list":
        listed = f"string_split(cast({name} as varchar), {text(LIST_SEPARATOR)})"
        return f"case {name} when '' then cast([] as varchar[]) else {listed} end"
    # What a group of rows has least and most of, DuckDB tells of a list's words as of all groups
    # before it too. By the key's first column readers find their rows: it is text.
    return f"cast({name} as varchar)" if column.name == key[0] else ""


def _few_numbers(key: Sequence[str], given: Mapping[str, str]) -> list[str]:
    """What sorts the rows by the key: its columns as digits of as few whole numbers as hold them.

    A column that is no digit, such as a text, stays as it is and ends the number before it.
    """
    order: list[str] = []
    free = 0
    for name in key:
        digit, bits = _digit(name, given[name])
        if bits <= free:
            order[-1] = f"({order[-1]}) * {2**bits} + {digit}"
            free -= bits
        else:
            order.append(digit)
            free = BITS_OF_A_NUMBER - bits
    return order


def _digit(name: str, given: str) -> tuple[str, int]:
    """A column as a number that sorts as it does, and the bits that it needs: all for any other."""
    if given == "DATE":
        return f"cast({quoted(name)} - date '{FIRST_DATE}' as ubigint)", BITS_OF_A_DATE
    words = words_of(given)
    # Of a list without words no row has one: as text it is NULL everywhere.
    if words and words == sorted(words):
        return f"cast(enum_code({quoted(name)}) as ubigint)", len(words).bit_length()
    return quoted(name), BITS_OF_A_NUMBER
