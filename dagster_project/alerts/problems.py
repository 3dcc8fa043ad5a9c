"""What a far side may say to a notice, other than that it has taken it."""

from __future__ import annotations

from dagster_project.errors import OutcomesError


class Undeliverable(OutcomesError):
    """The other side has refused this message for good."""


class Misaddressed(Undeliverable):
    """What is configured is no address, whatever the other side would say."""


class NotNow(OutcomesError):
    """The other side asks to be tried again."""


class Unreachable(NotNow):
    """The other side gave no whole answer, or wants nothing from us: no message fares better."""
