"""Each change as one plain sentence, with its cause and the reason that was given for it."""

from __future__ import annotations

import csv
from functools import cache

from dagster_project.home import PROJECT_ROOT
from dagster_project.release.sql import text

SHOWN = ("published", "held")


@cache
def cause_meanings() -> dict[str, str]:
    """What each cause means in words, from `seeds/state_words.csv`."""
    with (PROJECT_ROOT / "seeds" / "state_words.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["word"]: row["meaning"]
            for row in csv.DictReader(file)
            if (row["released_table"], row["column_name"]) == ("changes", "cause")
        }


def sentence(changes: str, indicators: str, areas: str, reason: str) -> str:
    """The sentence as SQL, of columns of the relations of those names; `reason` may be null.

    A figure that isn't shown in the change isn't in its sentence.
    """
    return f"""
        coalesce({indicators}.title, {changes}.indicator_id) || ', '
        || coalesce({areas}.area_name, {changes}.area_code) || ', '
        || coalesce({changes}.period_label,
            {changes}.period_start || ' to ' || {changes}.period_end)
        || {_cut(changes)} || ': ' || {_what(changes, f"{indicators}.decimals")} || '. '
        || {_meaning(f"{changes}.cause")} || '.'
        || coalesce(' Reason given: ' || rtrim({reason}, '.') || '.', '')
    """


def _cut(changes: str) -> str:
    usual = {
        "sex": "Persons|Not applicable",
        "age": "All ages",
        "segment": "all",
        "breakdown": "all",
    }
    parts = " || ".join(
        f"case when {changes}.{name} in ({', '.join(map(text, words.split('|')))}) then ''"
        f" else ', ' || {changes}.{name} end"
        for name, words in usual.items()
    )
    return f"({parts})"


def _what(changes: str, decimals: str) -> str:
    old, new = (_figure(f"{changes}.{side}_value", decimals, changes) for side in ("old", "new"))
    was, is_now = (_status(f"{changes}.{side}_status") for side in ("old", "new"))
    moved = f"coalesce(' (' || {_percentage(f'{changes}.change_pct')} || ')', '')"
    return f"""
        case {changes}.change
            when 'revised' then case
                when {changes}.old_value is null or {changes}.new_value is null
                    then 'another value than before'
                else {old} || ' became ' || {new} || {moved}
            end
            when 'no_longer_shown'
                then 'no figure is shown any more; it is ' || {is_now} || ' still'
            when 'added' then coalesce({new} || ' is new', 'new, and ' || {is_now})
            when 'removed' then coalesce({old} || ' is gone', 'gone, and was ' || {was})
            else 'was ' || {was} || ' and is ' || {is_now}
        end
    """


def _figure(figure: str, decimals: str, changes: str) -> str:
    """As many decimals as the indicator has; all of them where that would hide the move."""
    places = f"cast(coalesce({decimals}, 1) as integer)"
    alike = f"round({changes}.old_value, {places}) = round({changes}.new_value, {places})"
    return (
        f"case when {changes}.change = 'revised' and {alike} then cast({figure} as varchar)"
        f" else cast(round({figure}, {places}) as varchar) end"
    )


def _percentage(figure: str) -> str:
    return f"case when {figure} > 0 then '+' else '' end || round({figure}, 1) || '%'"


def _status(status: str) -> str:
    return f"replace({status}, '_', ' ')"


def _meaning(cause: str) -> str:
    words = " ".join(
        f"when {text(word)} then {text(meaning)}" for word, meaning in cause_meanings().items()
    )
    return f"case {cause} {words} else {cause} end"
