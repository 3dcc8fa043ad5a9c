"""How alerts are delivered here: `alerts.toml` of the home. No secret stands in it.

A password or a webhook's address is named by the environment variable or file that holds it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

from dagster_project.alerts.routing import directory
from dagster_project.alerts.wording import Places
from dagster_project.errors import UsageError
from dagster_project.home import Home
from dagster_project.nearest import nearest

FILE = "alerts.toml"
# Another file than the home's, for a server whose settings are kept elsewhere.
NAMED_BY = "OUTCOMES_ALERTS"
MAIL, WEBHOOK = "mail", "webhook"
SECURITY = ("starttls", "tls", "none")
KNOWN = {
    "": {"site", "dagster", "digest_not_before", "smtp", "mailboxes", "webhooks"},
    "smtp": {"host", "port", "security", "sender", "user", "password_env", "password_file"}
    | {"timeout_seconds"},
}
HOW = "see docs/how-to/alerts.md"
# What seeds/ name is reserved for examples: no such mailbox is anybody's.
UNREAL = "@example.org"


@dataclass(frozen=True)
class Smtp:
    """The server that takes our mail. The password isn't shown when this is."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 30.0


@dataclass(frozen=True)
class Settings:
    """What is configured; `smtp` is None, and `webhooks` empty, where nothing is delivered."""

    smtp: Smtp | None = None
    webhooks: Mapping[str, str] = field(default_factory=dict, repr=False)
    mailboxes: Mapping[str, str] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    digest_not_before: time = time.min

    @property
    def is_set_up(self) -> bool:
        """True if anybody may be told by any way."""
        return bool(self.smtp or self.webhooks)

    def mailbox(self, recipient: str) -> str | None:
        """The mailbox that is named for a recipient, if it can be somebody's."""
        named = self.mailboxes.get(recipient, UNREAL)
        return None if named.lower().endswith(UNREAL) else named

    def channels(self, recipient: str) -> tuple[str, ...]:
        """The ways by which a recipient is reached; none where nothing is configured for it."""
        mail = (MAIL,) if self.smtp and self.mailbox(recipient) else ()
        return (*mail, WEBHOOK) if recipient in self.webhooks else mail

    def unreached(self, recipients: Iterable[str]) -> tuple[str, ...]:
        """Those whom mail would reach, had they a mailbox, and nothing else reaches."""
        if self.smtp is None:
            return ()
        return tuple(sorted(each for each in recipients if not self.channels(each)))


def load(home: Home, *, with_secrets: bool = True) -> Settings:
    """What `alerts.toml` says, or that nothing is configured; UsageError for a mistake.

    Without secrets they may lie where whoever asks can't read them, and nothing can be sent.
    """
    named = os.environ.get(NAMED_BY, "").strip()
    path = Path(named) if named else home.root / FILE
    if not path.exists() and not named:
        return Settings()
    import tomllib

    try:
        record = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise _wrong(path, "", "it can't be read", str(problem), "a file in TOML") from problem
    return _settings(path, record, with_secrets)


def _settings(path: Path, record: dict[str, Any], with_secrets: bool) -> Settings:
    _check_words(path, "", record)
    for table in ("mailboxes", "webhooks"):
        _check_roles(path, table, record.get(table, {}))
    smtp = record.get("smtp")
    return Settings(
        smtp=_smtp(path, smtp, with_secrets) if smtp is not None else None,
        webhooks={
            name: _secret(path, f"webhooks.{name}", entry, "url", with_secrets)
            for name, entry in record.get("webhooks", {}).items()
        },
        mailboxes={
            name: _mailbox(path, name, to) for name, to in record.get("mailboxes", {}).items()
        },
        places=Places(_web(path, record, "site"), _web(path, record, "dagster")),
        digest_not_before=_time(path, record.get("digest_not_before", "00:00")),
    )


def _smtp(path: Path, record: dict[str, Any], with_secrets: bool) -> Smtp:
    _check_words(path, "smtp", record)
    for name in ("host", "sender"):
        if not isinstance(record.get(name), str) or not record[name].strip():
            raise _wrong(path, f"smtp.{name}", "it is missing", repr(record.get(name)), "text")
    security = record.get("security", "starttls")
    if security not in SECURITY:
        raise _wrong(path, "smtp.security", "no such way", repr(security), " or ".join(SECURITY))
    usual = {"starttls": 587, "tls": 465, "none": 25}[security]
    user = record.get("user", "")
    return Smtp(
        host=record["host"],
        port=_number(path, "smtp.port", record.get("port", usual)),
        security=security,
        sender=_mailbox(path, "smtp.sender", record["sender"]),
        user=user,
        password=_secret(path, "smtp", record, "password", with_secrets) if user else "",
        timeout=float(_number(path, "smtp.timeout_seconds", record.get("timeout_seconds", 30))),
    )


def _secret(path: Path, place: str, record: Any, name: str, is_read: bool) -> str:
    """The secret that `<name>_env` or `<name>_file` leads to; nothing where it isn't read."""
    env, file = f"{name}_env", f"{name}_file"
    if not isinstance(record, dict) or (env in record) == (file in record):
        raise _wrong(
            path, place, "its secret isn't named", "neither or both", f"one of {env} and {file}"
        )
    if not is_read:
        return ""
    if env in record:
        secret, where = os.environ.get(str(record[env]), ""), f"the variable {record[env]}"
    else:
        where = f"the file {record[file]}"
        try:
            secret = Path(record[file]).read_text(encoding="utf-8").strip()
        except OSError as problem:
            raise _wrong(path, place, "its secret can't be read", where, "a file") from problem
    if not secret:
        raise _wrong(path, place, "its secret is empty", where, "the secret itself")
    return secret


def _check_words(path: Path, place: str, record: dict[str, Any]) -> None:
    unknown = sorted(set(record) - KNOWN[place])
    if unknown:
        # A password typed here by mistake is named by its key, never shown.
        raise _wrong(
            path,
            place,
            "a word that means nothing here",
            ", ".join(unknown),
            ", ".join(sorted(KNOWN[place])),
        )


def _check_roles(path: Path, table: str, named: Any) -> None:
    """After this each of these is somebody who may be told: a slip would be missed by nobody."""
    if not isinstance(named, dict):
        # A webhook's address typed here by mistake isn't shown.
        raise _wrong(
            path, table, "no table of roles", type(named).__name__, f"[{table}], then a line a role"
        )
    known = directory().recipients if named else {}
    for name in sorted(set(named) - set(known)):
        near = nearest(name, list(known), 1)
        raise _wrong(
            path,
            f"{table}.{name}",
            "no owner and no subscriber is called so",
            name,
            near[0] if near else ", ".join(sorted(known)),
            "rename it, if that was meant"
            if near
            else "take it out, or add the role to seeds/owners.csv or seeds/subscribers.csv",
        )


def _mailbox(path: Path, place: str, text: Any) -> str:
    if (
        not isinstance(text, str)
        or text.count("@") != 1
        or not text.isascii()
        or any(not character.isprintable() or character in " ,;<>" for character in text)
    ):
        raise _wrong(path, place, "no mailbox", repr(text), "one such as name@your.domain")
    return text


def _web(path: Path, record: dict[str, Any], name: str) -> str:
    text = record.get(name, "")
    if not isinstance(text, str) or (text and not text.startswith(("https://", "http://"))):
        raise _wrong(path, name, "no address of a page", repr(text), "https://… or http://…")
    return text


def _time(path: Path, text: Any) -> time:
    try:
        return time.fromisoformat(text)
    except (TypeError, ValueError) as problem:
        raise _wrong(path, "digest_not_before", "no time", repr(text), "HH:MM") from problem


def _number(path: Path, place: str, value: Any) -> int:
    if not isinstance(value, int) or not 0 < value < 65536:
        raise _wrong(path, place, "no such number", repr(value), "a whole number from 1 to 65535")
    return value


def _wrong(
    path: Path, place: str, problem: str, got: str, expected: str, fix: str = HOW
) -> UsageError:
    return UsageError(
        problem, file=str(path), place=place or None, got=got, expected=expected, fix=fix
    )
