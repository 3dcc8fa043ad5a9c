"""Records of people land under their keys, and what is refused of them is neither told nor kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.landing_place import Place

EPISODES = (
    "FYEAR,PARTYEAR,EPIKEY,AEKEY,PSEUDO_HESID,ADMIDATE,ADMIMETH,ADMISORC,CLASSPAT,DISDATE,DISDEST,"
    "DISMETH,EPISTART,EPIEND,EPIORDER,EPISTAT,EPITYPE,PROCODE3,TRETSPEF,STARTAGE,SEX,ETHNOS,DIAG_4_01,"
    "OPERTN_4_01\n"
)
EPISODE = (
    "2324,202399,{epikey},309295853444,{person},{admitted},21,19,1,2023-05-03,19,1,2023-05-01,"
    "2023-05-03,1,3,1,RWJ,300,61,2,A,I214,-   \n"
)
PEOPLE = "PSEUDO_NHS_NUMBER,BIRTH_MONTH,SEX,ETHNIC_CATEGORY\n"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def episode(person: str = "TESTWn4Rt4ww00zI", admitted: str = "2023-05-01", key: str = "1") -> str:
    return EPISODE.format(person=person, admitted=admitted, epikey=f"50000000000{key}")


def test_episodes_in_the_columns_of_hes_land(place: Place) -> None:
    rows = [episode(), episode(admitted="1801-01-01", key="2")]
    place.put("apc.csv", (EPISODES + "".join(rows)).encode())
    summary = place.land()
    assert (summary.landed, summary.refused) == (["apc.csv"], [])
    assert place.column("hospital_episodes", "person_id") == ["TESTWn4Rt4ww00zI"] * 2
    assert place.column("hospital_episodes", "diagnosis_01") == ["I214", "I214"]


@pytest.mark.parametrize("number", ["9434765919", "943 476 5919"])
def test_an_nhs_number_in_place_of_a_key_refuses_the_file(place: Place, number: str) -> None:
    place.put("apc.csv", (EPISODES + episode(person=number)).encode())
    place.land()
    assert "NHS number" in place.refused("apc.csv").message
    assert number not in kept(place)


def test_what_is_refused_of_records_of_people_is_neither_told_nor_kept(place: Place) -> None:
    name = "people.csv"
    place.put(name, (PEOPLE + "KEY-OF-SOMEBODY,1950-13,2,A\n").encode())
    place.land()
    refusal = place.refused(name)
    assert (refusal.place, refusal.expected) == (
        "row 2, column 'BIRTH_MONTH'",
        "a month, as 1950-04",
    )
    assert "1950-13" not in refusal.message
    assert not refusal.keep_bytes
    assert "1950-13" not in kept(place)
    assert "KEY-OF-SOMEBODY" not in kept(place)


def test_two_people_of_one_key_are_not_named(place: Place) -> None:
    rows = "KEY-OF-SOMEBODY,1950-04,2,A\nKEY-OF-SOMEBODY,1950-05,2,A\n"
    place.put("people.csv", (PEOPLE + rows).encode())
    place.land()
    assert "KEY-OF-SOMEBODY" not in json.dumps(place.refused("people.csv").as_dict())
    assert "KEY-OF-SOMEBODY" not in kept(place)


def kept(place: Place) -> str:
    """All that stands in quarantine and in the ledger of refusals."""
    files = [path for path in place.home.quarantine.rglob("*") if path.is_file()]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in files]
    return "".join(texts) + json.dumps(place.refusals(), default=str)
