"""`demo`: the whole main job with no account and no network, by the same commands that a bar runs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping

from codingplan_bar.commands import integrations
from codingplan_bar.demo.console import Console
from codingplan_bar.fetch.circumstances import matters
from codingplan_bar.show import BARS
from codingplan_bar.show.view import PROGRAM

INTRODUCTION = """\
A console of its own answers on loopback as the provider's does; nothing leaves this machine.

$ codingplan-bar fetch --pretty
{document}"""


def demo(bar: str | None, environ: Mapping[str, str] = os.environ) -> int:
    """Fetch from a stand-in console, show what every bar (or the named one) prints, and how to put it there; 0 or 1."""
    with Console() as console, tempfile.TemporaryDirectory(prefix="codingplan-bar-") as home:
        stage = {**clean_stage(environ, home), **console.environment}
        document = _run(["fetch", "--pretty"], stage)
        sys.stdout.write(INTRODUCTION.format(document=document))
        for name in [bar] if bar else BARS:
            sys.stdout.write(f"\n$ codingplan-bar {name}\n{_run([name], stage)}")
        sys.stdout.write("\n" + (integrations.how_to(bar) if bar else integrations.overview()))
    return 0


def clean_stage(environ: Mapping[str, str], home: str) -> dict[str, str]:
    """The environment with empty folders, and without what the user has set for the real provider."""
    kept = {name: value for name, value in environ.items() if not matters(name)}
    places = {f"XDG_{place}_HOME": f"{home}/{place.lower()}" for place in ("CONFIG", "CACHE", "STATE")}
    return {**kept, **places, "CODEXBAR_CONFIG": f"{home}/none.json", "HOME": home}


def _run(arguments: list[str], environ: Mapping[str, str]) -> str:
    """What the command prints. Raises CalledProcessError where it fails."""
    done = subprocess.run([*PROGRAM, *arguments], env=environ, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()
