"""A notice sent by SMTP: text and HTML, threaded, with a Message-ID that stays the same."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from dagster_project.alerts.problems import NotNow, Undeliverable, Unreachable
from dagster_project.alerts.settings import Smtp
from dagster_project.errors import OutcomesError, printable

LEAVING_SECONDS = 5.0


def message_id(notice_id: str, sender: str) -> str:
    """The Message-ID of a notice: the same at every try, so that a second copy can be told."""
    return f"<{notice_id}@{sender.rpartition('@')[2]}>"


def letter(
    smtp: Smtp,
    to: str,
    notice_id: str,
    made_at: datetime,
    content: dict[str, str],
    thread: Sequence[str] = (),
) -> EmailMessage:
    """The message to one mailbox; `thread` are the notices that it goes on from, oldest first."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = printable(content["subject"])
    mail["From"] = smtp.sender
    mail["To"] = to
    mail["Date"] = format_datetime(made_at.astimezone(UTC))
    mail["Message-ID"] = message_id(notice_id, smtp.sender)
    if thread:
        earlier = [message_id(each, smtp.sender) for each in thread]
        mail["In-Reply-To"] = earlier[-1]
        mail["References"] = " ".join(earlier)
    # So that no out-of-office answers come back, and none starts a loop.
    mail["Auto-Submitted"] = "auto-generated"
    # Any server takes it so, whatever it can do.
    mail.set_content(content["text"], cte="quoted-printable")
    mail.add_alternative(content["html"], subtype="html", cte="quoted-printable")
    return mail


def send(smtp: Smtp, mail: EmailMessage) -> None:
    """After this the server has taken the message; Undeliverable or NotNow if it hasn't."""
    try:
        server = _connected(smtp)
        try:
            if smtp.user:
                server.login(smtp.user, smtp.password)
            server.send_message(mail)
        finally:
            _leave(server)
    except smtplib.SMTPRecipientsRefused as problem:
        code, said = next(iter(problem.recipients.values()))
        raise _told(code, said) from problem
    except smtplib.SMTPDataError as problem:
        raise _told(problem.smtp_code, problem.smtp_error) from problem
    except smtplib.SMTPAuthenticationError:
        # What the server answers to a password may quote it: neither it nor its error goes on.
        raise Unreachable("the mail server doesn't take the user and password") from None
    except smtplib.SMTPResponseException as problem:
        # About the sender or the connection, which somebody may mend: tried again.
        raise Unreachable(_said(problem.smtp_code, problem.smtp_error)) from problem
    except (smtplib.SMTPException, OSError) as problem:
        raise Unreachable(f"the mail server gave no whole answer ({_short(problem)})") from problem


def _leave(server: smtplib.SMTP) -> None:
    """After this the connection is closed. How it takes leave changes nothing of what was taken."""
    if server.sock is not None:
        server.sock.settimeout(LEAVING_SECONDS)
    with suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()


def _connected(smtp: Smtp) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if smtp.security == "tls":
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=smtp.timeout, context=context)
    server = smtplib.SMTP(smtp.host, smtp.port, timeout=smtp.timeout)
    if smtp.security == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _told(code: int, said: bytes | str) -> OutcomesError:
    return (Undeliverable if code >= 500 else NotNow)(_said(code, said))


def _said(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", errors="replace") if isinstance(said, bytes) else said
    return f"the mail server says {code} {printable(' '.join(text.split()))[:200]}"


def _short(problem: Exception) -> str:
    return printable(f"{type(problem).__name__}: {problem}")[:200]
