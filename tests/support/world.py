"""A refresh with everything but the files made up: who asks, and the clock."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

from codingplan_bar.facts import loads
from codingplan_bar.model import Attempt, Plan, Problem, Snapshot, Window
from codingplan_bar.refresh.files import Files
from codingplan_bar.refresh.refresh import ClientAnswer, ProviderClient, Refresher
from codingplan_bar.settings.settings import Settings

NOW = 1_795_400_000.5
PAGE = "https://example.invalid/"


@dataclass
class World:
    """A home folder, a clock that stands still, and a provider that answers as it is told."""

    home: object
    now: float = NOW
    asked: int = 0
    answer: object = "good"
    retry_after: float | None = None
    environ: dict = field(default_factory=dict)
    settings: dict = field(default_factory=dict)
    circumstances: str = "here"
    resets: tuple = ()

    def ask(self, _settings):
        self.asked += 1
        return ClientAnswer(self.snapshot(self.answer), self.retry_after)

    def snapshot(self, answer):
        at = int(self.now)
        if answer != "good":
            problem = Problem(answer, f"It is {answer}.")
            return Snapshot(at, PAGE, attempts=(Attempt("web", "intl", answer),), error=problem)
        windows = tuple(Window("weekly", self.asked, 100, reset) for reset in self.resets or (None,))
        return Snapshot(at, PAGE, "web", "intl", Plan("Pro"), windows)

    def refresher(self, **asker):
        files = Files({"HOME": str(self.home), **self.environ})
        made = ProviderClient(Settings(**self.settings), self.ask, lambda: self.now, PAGE, self.circumstances)
        return Refresher(files, replace(made, **asker))

    def refresh(self, wanted="when due", **more):
        return self.refresher().refresh(wanted, **more)

    def after(self, seconds):
        self.now += seconds
        return self

    @property
    def facts(self):
        path = self.refresher().files.facts
        return loads(path.read_text()) if path.exists() else None

    @property
    def stored(self):
        return json.loads(self.refresher().files.snapshot.read_text())
