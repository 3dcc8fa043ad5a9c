"""`alerts.toml` is read whole or refused by name; no secret stands in it, or is shown."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from dagster_project.alerts.settings import Settings, load
from dagster_project.errors import UsageError
from dagster_project.home import Home

GOOD = """\
site = "https://outcomes.example.org"
digest_not_before = "15:00"
[smtp]
host = "mail.example.org"
sender = "outcomes@example.org"
user = "outcomes"
password_file = "{folder}/password"
[mailboxes]
geography = "maps@council.example"
[webhooks]
data-engineering = {{url_env = "THE_HOOK"}}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    (tmp_path / "password").write_text("a secret\n")
    monkeypatch.setenv("THE_HOOK", "json://127.0.0.1/a-secret-too")
    return Home(tmp_path)


def write(home: Home, text: str) -> None:
    (home.root / "alerts.toml").write_text(text.format(folder=home.root), encoding="utf-8")


def test_all_of_it_is_read_and_no_secret_is_shown(home: Home) -> None:
    write(home, GOOD)
    settings = load(home)
    assert settings.smtp is not None
    assert (settings.smtp.port, settings.smtp.security) == (587, "starttls")
    assert settings.smtp.password == "a secret"  # noqa: S105 (of the test)
    assert settings.digest_not_before == time(15)
    assert settings.places.page("quality.html") == "https://outcomes.example.org/quality.html"
    assert settings.channels("data-engineering") == ("webhook",)
    assert settings.channels("geography") == ("mail",)
    assert "secret" not in repr(settings)


def test_a_mailbox_that_is_nobodys_is_no_way_to_reach_anybody(home: Home) -> None:
    write(home, GOOD.replace("maps@council.example", "maps@Example.ORG"))
    settings = load(home)
    assert settings.channels("geography") == ()
    named = ("social-care-analysts", "geography", "data-engineering")
    assert settings.unreached(named) == ("geography", "social-care-analysts")


def test_who_only_lists_needs_no_secret(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    write(home, GOOD)
    monkeypatch.delenv("THE_HOOK")
    (home.root / "password").unlink()
    assert load(home, with_secrets=False).channels("data-engineering") == ("webhook",)
    with pytest.raises(UsageError, match="secret"):
        load(home)


def test_without_a_file_nothing_is_configured(home: Home) -> None:
    assert load(home) == Settings()
    assert load(home).channels("geography") == ()


def test_another_file_may_be_named_and_must_be_there(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTCOMES_ALERTS", str(home.root / "elsewhere.toml"))
    with pytest.raises(UsageError, match="it can't be read"):
        load(home)
    (home.root / "elsewhere.toml").write_text('dagster = "http://127.0.0.1:3000"\n')
    assert load(home).places.run("abc") == "http://127.0.0.1:3000/runs/abc"


SMTP = '[smtp]\nhost = "mail.example.org"\nsender = "outcomes@example.org"\n'


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("site = ", "", "it can't be read"),
        ('sites = "x"', "", "got sites"),
        ('site = "outcomes.example.org"', "site", "no address of a page"),
        ('digest_not_before = "teatime"', "digest_not_before", "no time"),
        ('[smtp]\nhost = "h"', "smtp.sender", "it is missing"),
        (f'{SMTP}password = "typed here"', "smtp", "got password"),
        (f'{SMTP}security = "ssl"', "smtp.security", "starttls or tls or none"),
        (f"{SMTP}port = 99999", "smtp.port", "1 to 65535"),
        (f'{SMTP}user = "u"', "smtp", "its secret isn't named"),
        (f'{SMTP}user = "u"\npassword_env = "NOT_SET"', "smtp", "its secret is empty"),
        (f'{SMTP}user = "u"\npassword_file = "/not/there"', "smtp", "its secret can't be read"),
        ('[smtp]\nhost = "h"\nsender = "no at"', "smtp.sender", "no mailbox"),
        ('[mailboxes]\ngeography = "a@b, c@d"', "geography", "no mailbox"),
        ('webhooks = "slack://secret"', "webhooks", "no table of roles"),
        ('[mailboxes]\ngeografy = "a@b.c"', "mailboxes.geografy", "expected geography"),
        ('[mailboxes]\nzzz = "a@b.c"', "mailboxes.zzz", "seeds/subscribers.csv"),
        (
            '[webhooks]\nrelease-manager = {url_env = "THE_HOOK"}',
            "webhooks.release-manager",
            "expected release-managers",
        ),
        ('[webhooks]\ngeography = "slack://secret"', "webhooks.geography", "isn't named"),
    ],
)
def test_a_mistake_is_named_and_no_secret_is(home: Home, text: str, place: str, says: str) -> None:
    (home.root / "alerts.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as told:
        load(home)
    assert says in str(told.value)
    assert place in str(told.value)
    assert "alerts.toml" in str(told.value)
    assert "typed here" not in str(told.value)
    assert "slack://secret" not in str(told.value)
