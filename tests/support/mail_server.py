"""A mail server on this machine: it takes letters well, badly, slowly, or not at all."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

# What it does with the next letter; without a word it takes it.
REFUSE, LATER, REFUSE_DATA, CUT, TAKE_AND_CUT, STALL = (
    *("refuse", "later", "refuse data", "cut", "take and cut", "stall"),
)


@dataclass
class Post:
    """Letters as they came, and the manners in which the next ones are treated, one each."""

    letters: list[EmailMessage] = field(default_factory=list)
    manners: list[str] = field(default_factory=list)
    tries: int = 0
    port: int = 0
    logins: list[tuple[str, str]] = field(default_factory=list)

    def to(self, name: str) -> list[EmailMessage]:
        """The letters to the mailbox of that role."""
        return [each for each in self.letters if str(each["To"]).startswith(f"{name}@")]

    def subjects(self, name: str) -> list[str]:
        return [str(each["Subject"]) for each in self.to(name)]

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.tries += 1
        session.manner = self.manners.pop(0) if self.manners else ""
        if session.manner == REFUSE:
            return "550 no such mailbox"
        if session.manner == LATER:
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if session.manner == REFUSE_DATA:
            return "554 this message is not wanted"
        if session.manner in ("", TAKE_AND_CUT):
            letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
        if session.manner in (CUT, TAKE_AND_CUT):
            server.transport.abort()
        if session.manner == STALL:
            await asyncio.sleep(2.5)
        return "250 taken"

    def authenticate(
        self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        given = (data.login.decode(), data.password.decode())
        self.logins.append(given)
        return AuthResult(success=given == ("outcomes", "a secret"), handled=False)


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def post_office(*, asks_for_login: bool = False) -> Iterator[Post]:
    """A server that listens until the block ends."""
    post = Post(port=free_port())
    controller = Controller(
        post,
        hostname="127.0.0.1",
        port=post.port,
        authenticator=post.authenticate if asks_for_login else None,
        auth_require_tls=False,
        auth_required=asks_for_login,
    )
    controller.start()
    try:
        yield post
    finally:
        controller.stop()
