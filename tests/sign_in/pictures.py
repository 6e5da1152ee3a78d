"""Makes the pictures of docs/sign-in.md: `login` in a terminal, and below it the page that a browser shows at its end.

In Firefox all goes well; in Chromium the user chose Block, so the page's script is held back, and the terminal says it.

Run it with the tests' interpreter; it needs what the tests need. The terminal is pyte's, of 80 columns. The stand-in's
address is shown as the console's own.
"""

from __future__ import annotations

import base64
import io
import os
import pty
import re
import socket
import struct
import sys
import tempfile
import termios
import time
from contextlib import ExitStack
from fcntl import ioctl
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

import pyte
import trustme
from PIL import Image, ImageDraw, ImageFont
from support.machine import until
from support.realbrowsers.browsers import FIREFOX, ChromiumRemote, Marionette
from support.realbrowsers.household import Household
from support.stand_in import Provider, context_of
from test_real_browsers import COMMAND, NOTICE, Page

from codingplan_bar.provider import addresses
from codingplan_bar.provider.addresses import PROVIDERS_OWN
from codingplan_bar.regions import INTERNATIONAL

FOLDER = Path(__file__).parents[2] / "docs/pictures"
LANGUAGES = {"": "en_US.UTF-8", ".zh-CN": "zh_CN.UTF-8"}
LAST_WORDS = {"": "login.", ".zh-CN": "无需 login。"}
"""How the sentence ends that `login` says after half a minute of silence."""
COLUMNS, ROWS = 80, 40
FONTS = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
SIZE, CELL, MARGIN = 15, (9, 20), 12
GROUND, INK = "#101418", "#e6e6e6"
PATIENCE = 120


def main() -> None:
    """Make the two pictures of each language."""
    FOLDER.mkdir(exist_ok=True)
    authority = trustme.CA()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        authority.cert_pem.write_to_path(folder / "authority.pem")
        provider = stack.enter_context(Provider(context_of(authority)))
        console = served(authority)
        for suffix, language in LANGUAGES.items():
            household = Household()
            stack.callback(household.close)
            trusted = {"REQUESTS_CA_BUNDLE": str(folder / "authority.pem"), "NO_PROXY": "127.0.0.1"}
            household.environ |= {"LANG": language, "TERM": "xterm", addresses.HOST: provider.host, **trusted}
            for name, (printed, page) in {
                "login": by_firefox(household, console),
                "login-blocked": by_chromium(household, console, LAST_WORDS[suffix]),
            }.items():
                own = printed.replace(provider.host, PROVIDERS_OWN.dashboard(INTERNATIONAL.region).split("/")[2])
                joined(terminal(own), cropped(page)).save(FOLDER / f"{name}{suffix}.png", optimize=True)


def served(authority: trustme.CA) -> str:
    """The origin of the console's page."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.daemon_threads = True
    server.socket = context_of(authority).wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return f"https://127.0.0.1:{server.server_port}"


class Login:
    """`login` in a terminal of its own, and the notice in the address that it opens."""

    def __init__(self, household: Household) -> None:
        """It waits for the console's page."""
        browser, address = household.home / "browser", household.home / "opened"
        address.unlink(missing_ok=True)
        browser.write_text('#!/bin/sh\nexec echo "$1" >"$HOME/opened"\n')
        browser.chmod(0o755)
        self.own, theirs = pty.openpty()
        ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        command, environ = [COMMAND, "login", "--site", "intl"], {"BROWSER": str(browser)}
        environ["PATH"] = f"{Path(COMMAND).parent}:{os.environ['PATH']}"  # so that its name is all that is typed
        self.process = household.start(command, environ=environ, stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)
        self.notice = until(lambda: NOTICE.search(read(address)), "the address", within=PATIENCE)[0]

    def printed(self, last: str | None = None) -> str:
        """All that it prints until these words, or until it ends."""
        printed = ""
        try:
            while (last is None or last not in printed) and (piece := os.read(self.own, 65_536)):
                printed += piece.decode()
        except OSError:
            """The terminal's end, as Linux tells it."""
        return printed


def by_firefox(household: Household, console: str) -> tuple[str, Image.Image]:
    """What `login` prints where the page's way arrives, and the page at its end in Firefox."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    profile = household.home / "profile"
    profile.mkdir()
    (profile / "user.js").write_text(f'user_pref("marionette.port", {port});\n')
    household.start([*FIREFOX, "--marionette", "--no-remote", "--profile", str(profile)])
    marionette = Marionette(port)
    login = Login(household)
    marionette.command("WebDriver:SetWindowRect", width=760, height=420)
    marionette.open(f"{console}/form?{login.notice}")
    until(lambda: "/signed-in" in marionette.command("WebDriver:GetCurrentURL")["value"], "the page", within=PATIENCE)
    time.sleep(0.5)
    shot = marionette.command("WebDriver:TakeScreenshot", full=False)["value"]
    printed = login.printed()
    login.process.wait(PATIENCE)
    marionette.close()
    return printed, opened(shot)


def by_chromium(household: Household, console: str, silence: str) -> tuple[str, Image.Image]:
    """What `login` prints while Chromium holds the page's script back, and the page of another way at its end."""
    remote = ChromiumRemote(household, f"--ip-address-space-overrides={console.removeprefix('https://')}=public")
    login = Login(household)
    remote.answer("loopback-network", "denied", console)
    remote.open(f"{console}/fetch-json?{login.notice}")
    printed = login.printed(silence)
    page = remote.open(f"{console}/form?{login.notice}", width=760, height=420)
    login.printed()
    login.process.wait(PATIENCE)
    time.sleep(0.5)
    shot = remote.picture(page)
    remote.close()
    return printed, opened(shot)


def opened(shot: str) -> Image.Image:
    """A picture, from base64."""
    return Image.open(io.BytesIO(base64.b64decode(shot)))


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def terminal(printed: str) -> Image.Image:
    """What a terminal shows of it, below the command as it was typed."""
    screen = pyte.Screen(COLUMNS, ROWS)
    pyte.Stream(screen).feed(f"$ codingplan-bar login --site intl\r\n{printed}")
    last = max(row for row, text in enumerate(screen.display) if text.strip())
    wide, high = CELL
    picture = Image.new("RGB", (COLUMNS * wide + 2 * MARGIN, (last + 1) * high + 2 * MARGIN), GROUND)
    draw, fonts = ImageDraw.Draw(picture), [ImageFont.truetype(name, SIZE) for name in FONTS]
    for row in range(last + 1):
        for column in range(COLUMNS):
            char = screen.buffer[row][column]
            colour = f"#{char.fg}" if re.fullmatch("[0-9a-f]{6}", char.fg) else INK
            is_wide = char.data >= "\u2e80" or char.data in "“”"
            place = (MARGIN + column * wide, MARGIN + row * high - 3 * is_wide)
            draw.text(place, char.data, fill=colour, font=fonts[is_wide])
    return picture.quantize(64)


def cropped(page: Image.Image) -> Image.Image:
    """The upper part of the page, in few colours."""
    return page.convert("RGB").crop((0, 0, page.width, min(page.height, 140))).quantize(64)


def joined(above: Image.Image, below: Image.Image) -> Image.Image:
    """The terminal on the page's ground, and the page below it."""
    whole = Image.new("RGB", (below.width, above.height + below.height + MARGIN), "white")
    whole.paste(above, ((below.width - above.width) // 2, MARGIN // 2))
    whole.paste(below, (0, above.height + MARGIN))
    return whole.quantize(128)


if __name__ == "__main__":
    main()
