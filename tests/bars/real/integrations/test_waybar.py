"""waybar with the files of integrations/waybar, started as their page says."""

from __future__ import annotations

import pytest
from home.pages import snippets
from home.states import LIFE, OK, WARNING
from realbars.waybar import PLAIN, Waybar


class WaybarAtHome(Waybar):
    """The harness's, but for its configuration, which names its files by `~` as the page does."""

    def _start(self, config, screen, log):
        path = self.room.folder / config
        text = path.read_text(encoding="utf-8").replace(f"{self.room.folder}/.config", "~/.config")
        self.room.write(config, text)
        super()._start(config, screen, log)


@pytest.fixture
def start(home, sways, tmp_path):
    """start(fragment) -> Waybar: the file is copied and included, the style imported, with the page's own words."""

    def started(fragment="codingplan.jsonc"):
        home.copied(f"waybar/{fragment}", ".config/waybar/codingplan.jsonc")
        home.copied("waybar/codingplan.css", "codingplan.css")
        (words,) = snippets("waybar", "jsonc")
        config = words.replace('"clock"', "").replace("~", str(home.room.folder))
        screens, bus = sways
        css = '@import "codingplan.css";\n' + PLAIN
        return WaybarAtHome(home.room, screens, f'{{"height": 30, {config}}}', css, bus=bus, evidence=tmp_path)

    return started


def test_every_state_is_shown_with_its_look_as_the_snapshot_changes(home, start):
    bar = start()
    assert bar.shows(OK.text, **{"class": OK.classes})
    for moment in LIFE:
        moment.come(home)
        assert bar.shows(moment.text, **{"class": moment.classes}), moment
    assert bar.complaints() == []
