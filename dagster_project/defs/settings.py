"""The one resource: which home, which inboxes, which day, made-up data or not."""

from datetime import date
from pathlib import Path

import dagster as dg
from pydantic import Field

from dagster_project.calendar import today
from dagster_project.home import Home
from dagster_project.refresh import Request, kind_of, sample_inbox


class RefreshSettings(dg.ConfigurableResource):  # type: ignore[type-arg]
    """What a run works on. Left as they are, the settings mean the home's own inbox, today."""

    home: str = Field(description="OUTCOMES_HOME: where everything is kept.")
    inboxes: list[str] = Field(
        default=[], description="Folders to take in; none means the home's own inbox."
    )
    as_of: str = Field(default="", description="The day, as 2026-11-22; empty means today.")
    sample: bool = Field(default=False, description="Made-up sample data.")
    sources: list[str] = Field(default=[], description="Only these sources; none means all.")

    live: bool = Field(
        default=False, description="Ask the publishers first: all that are due, or each source."
    )

    unattended: bool = Field(
        default=False, description="Nobody is at hand: what fails is tried again, then told."
    )

    def request(self, dagster_run: str = "") -> Request:
        """The request that a step works on."""
        home = Home(Path(self.home))
        sample = self.sample or (not self.inboxes and kind_of(home) == "sample")
        folders = [Path(folder) for folder in self.inboxes] or [
            sample_inbox(home) if sample else home.inbox
        ]
        if self.live and not sample:
            folders.append(home.live)
        return Request(
            home=home,
            inboxes=tuple(folders),
            as_of=date.fromisoformat(self.as_of) if self.as_of else today(),
            sample=sample,
            sources=tuple(self.sources),
            live=self.live and not sample,
            unattended=self.unattended,
            dagster_run=dagster_run,
        )
