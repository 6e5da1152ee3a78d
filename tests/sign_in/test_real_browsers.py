"""`login` in real browsers: which way of delivery reaches its port, from a page that counts as a public site.

Both browsers ask before a script's request to this machine, and hold it back until Allow is chosen; a navigation is let
through without a question. On a page of 127.0.0.1 they would ask nothing: the switch and the preference below make it a
public one.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sysconfig
import time
from contextlib import ExitStack, closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread, Timer
from urllib.parse import unquote

import pytest
from support.machine import need, until
from support.realbrowsers import browsers
from support.realbrowsers.browsers import Marionette
from support.realbrowsers.household import Household
from support.stand_in import context_of

from codingplan_bar.commands.login.listener import Listener, Pages
from codingplan_bar.provider import addresses
from codingplan_bar.regions import INTERNATIONAL
from codingplan_bar.words.en.commands import LOGIN as ENGLISH

COMMAND = str(Path(sysconfig.get_path("scripts")) / "codingplan-bar")
NOTICE = re.compile(r"notice=127\.0\.0\.1:(\d+)\?state=([0-9a-f]{32})")
TOKEN = "token-from-a-sign-in"
LONGEST = 120
PAGE = r"""<!doctype html><meta charset="utf-8"><title>waiting</title><body><script>
const [, port, state] = /notice=127.0.0.1:([0-9]+).state=([0-9a-f]+)/.exec(location.search), to = `http://127.0.0.1:${port}/`;
const fields = {access_token: "TOKEN", state}, query = new URLSearchParams(fields), get = to + "?" + query;
const data = new FormData(), json = JSON.stringify(fields), label = {"Content-Type": "application/json"};
for (const name in fields) data.append(name, fields[name]);
const asks = (address, more) => fetch(address, {method: "POST", ...more}).then((answer) => answer.status);
const shows = (name, more) => new Promise((good, bad) => {
  document.body.append(Object.assign(document.createElement(name), {onload: good, onerror: bad, ...more}));
});
const posts = (target, action = to) => {
  const form = Object.assign(document.createElement("form"), {method: "POST", action, target});
  document.body.append(form);
  for (const name in fields) form.append(Object.assign(document.createElement("input"), {name, value: fields[name]}));
  form.submit();
};
const ways = {
  "fetch-json": () => asks(to, {headers: label, body: json}),
  "fetch-json-state-in-query": () => asks(to + "?state=" + state, {headers: label, body: json}),
  "fetch-json-with-cookies": () => asks(to, {headers: label, body: json, credentials: "include"}),
  "fetch-json-that-names-the-space": () => asks(to, {headers: label, body: json, targetAddressSpace: "loopback"}),
  "fetch-form": () => asks(to, {body: query}),
  "fetch-form-no-cors": () => asks(to, {body: query, mode: "no-cors"}),
  "fetch-multipart": () => asks(to, {body: data}),
  "fetch-put": () => asks(to, {method: "PUT", headers: label, body: json}),
  "fetch-get": () => asks(get, {method: "GET"}),
  "fetch-get-no-cors": () => asks(get, {method: "GET", mode: "no-cors"}),
  "fetch-keepalive": () => asks(to, {headers: label, body: json, keepalive: true}),
  "xhr-json": () => new Promise((onload, onerror) => {
    const request = Object.assign(new XMLHttpRequest(), {onload, onerror});
    request.open("POST", to), request.setRequestHeader("Content-Type", "application/json"), request.send(json);
  }),
  "beacon-form": () => navigator.sendBeacon(to, query),
  "beacon-json": () => navigator.sendBeacon(to, new Blob([json], {type: "application/json"})),
  "image": () => shows("img", {src: get}),
  "script": () => shows("script", {src: get}),
  "frame": () => shows("iframe", {src: get}),
  "form-into-a-frame": () => (shows("iframe", {name: "inner"}), posts("inner")),
  "location": () => location.href = get,
  "location-replaced": () => location.replace(get),
  "form": () => posts("_self"),
  "redirect-302": () => location.href = "/302?" + encodeURIComponent(get),
  "redirect-307": () => posts("_self", "/307?" + encodeURIComponent(get)),
  "form-into-a-new-tab": () => posts("_blank"),
  "new-tab": () => window.open(get),
};
const way = location.pathname.slice(1);
onload = async () => {
  try { await ways[way](); document.title = way + " done" } catch (error) { document.title = way + " held back" }
};
</script>"""
ANSWERS = ("prompt", "denied", "granted")
"""What the user has chosen: nothing yet, Block, or Allow."""
CHOSEN = """
    const who = Services.scriptSecurityManager.createContentPrincipal(Services.io.newURI(arguments[0]), {});
    const chosen = {granted: "ALLOW_ACTION", denied: "DENY_ACTION"}[arguments[1]];
    if (chosen) for (const name of ["loopback-network", "localhost"])
        Services.perms.addFromPrincipal(who, name, Services.perms[chosen]);
"""
OPENED = """
    Services.prefs.setBoolPref("dom.disable_open_during_load", true);  // a remote control switches it off
    gBrowser.addTrustedTab(arguments[0]);
"""
TITLES = "return gBrowser.tabs.map((tab) => tab.linkedBrowser.contentTitle)"
WAYS = dict.fromkeys(re.findall(r'^  "([a-z0-9-]+)": ', PAGE, re.MULTILINE), "script")
WAYS |= dict.fromkeys(("location", "location-replaced", "form", "redirect-302", "redirect-307"), "navigation")
WAYS |= dict.fromkeys(("form-into-a-new-tab", "new-tab"), "new tab")
ARRIVE = {"prompt": ("navigation",), "denied": ("navigation",), "granted": ("navigation", "script")}
"""A new tab that nobody has clicked for is a pop-up."""
GRACE = 3
"""Seconds for which a delivery that is not to arrive is waited for, after all the others have come."""


class Page(BaseHTTPRequestHandler):
    """The console's page, whatever its path; `/302` and `/307` lead on to the address that follows."""

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path, _, address = self.path.partition("?")
        leads_on = path in ("/302", "/307")
        body = b"" if leads_on else PAGE.replace("TOKEN", TOKEN).encode()
        self.send_response(int(path[1:]) if leads_on else 200)
        self.send_header("Location" if leads_on else "Content-Type", unquote(address) if leads_on else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - http.server's name

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def console(authority, programs):
    """The console's page over TLS; gives its origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.daemon_threads = True
    server.socket = context_of(authority).wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def user(programs):
    household = Household()
    yield household
    household.close()


@pytest.fixture
def waiting(user, provider):
    """`login` that waits, and what stands behind its page's address."""
    environ = user.environ | {addresses.HOST: provider.host, "PATH": "/usr/bin:/bin"}
    environ |= {name: os.environ[name] for name in ("REQUESTS_CA_BUNDLE", "NO_PROXY", "no_proxy")}
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    command = [COMMAND, "login", "--site", "intl", "--no-browser"]
    with subprocess.Popen(command, env=environ, **pipes) as process:
        ends = Timer(LONGEST, process.kill)  # whoever reads what is never said reads the end
        ends.start()
        yield process, NOTICE.search(process.stdout.readline().decode())[0]
        ends.cancel()
        process.kill()


class OfFirefox:
    def __init__(self, user, console):
        need("firefox-esr")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        profile = user.home / "profile"
        profile.mkdir()
        public = "network.lna.address_space.public.override"
        preferences = {"marionette.port": port, public: console.removeprefix("https://")}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items()]
        (profile / "user.js").write_text("".join(lines))
        command = [*browsers.FIREFOX, "--marionette", "--remote-allow-system-access", "--no-remote"]
        user.start([*command, "--profile", str(profile)], environ={"MOZ_REMOTE_ALLOW_SYSTEM_ACCESS": "1"})
        self.marionette, self.console = Marionette(port), console

    def open(self, way, notice):
        self.marionette.within_the_browser(OPENED, f"{self.console}/{way}?{notice}")

    def choose(self, answer):
        self.marionette.within_the_browser(CHOSEN, self.console, answer)

    def titles(self):
        return self.marionette.within_the_browser(TITLES)

    def close(self):
        self.marionette.close()


class OfChromium:
    def __init__(self, user, console):
        need("chromium")
        public = f"--ip-address-space-overrides={console.removeprefix('https://')}=public"
        self.remote, self.console = browsers.ChromiumRemote(user, public), console

    def open(self, way, notice):
        self.remote.open(f"{self.console}/{way}?{notice}")

    def choose(self, answer):
        self.remote.answer("loopback-network", answer, self.console)

    def titles(self):
        return self.remote.titles()

    def close(self):
        self.remote.close()


@pytest.fixture(params=[OfFirefox, OfChromium], ids=["Firefox", "Chromium"])
def browser(request, user, console):
    with closing(request.param(user, console)) as opened:
        yield opened


@pytest.mark.long
@pytest.mark.parametrize("answer", ANSWERS)
def test_each_way_of_delivery_arrives_or_is_held_back_as_known(browser, answer):
    """Twenty-five ways, each to a port of its own. A script's way leaves its page with an error, or waiting."""
    browser.choose(answer)
    with ExitStack() as stack:
        ports = {way: stack.enter_context(Listener(INTERNATIONAL, Pages(b"", b""))) for way in WAYS}
        for way, port in ports.items():
            browser.open(way, f"notice=127.0.0.1:{port.server_port}?state={port.sign_in.value}")
        wanted = {way for way, kind in WAYS.items() if kind in ARRIVE[answer]}
        arrived = lambda: {way for way, port in ports.items() if port.wait(0)}  # noqa: E731
        until(lambda: arrived() >= wanted, f"all of {sorted(wanted)}")
        time.sleep(GRACE)
        assert arrived() == wanted
        done = {title for title in browser.titles() if title == "fetch-json done"}
        assert done == ({"fetch-json done"} if answer == "granted" else set())


def test_a_navigation_arrives_without_a_question_and_its_page_says_so(browser, waiting):
    process, notice = waiting
    browser.open("form", notice)
    until(lambda: ENGLISH["page.arrived"] in browser.titles(), "the page in plain words")
    _, told = process.communicate(timeout=LONGEST)
    assert (process.returncode, ENGLISH["accepted"] in told.decode()) == (0, True)


def test_a_page_of_an_earlier_sign_in_says_what_to_do_and_takes_nothing(browser, waiting):
    process, notice = waiting
    browser.open("form", re.sub("state=.*", "state=" + "f" * 32, notice))
    until(lambda: ENGLISH["page.refused"] in browser.titles(), "the page in plain words")
    assert process.poll() is None
    assert "Start it again in the terminal." in ENGLISH["page.refused.text"]


@pytest.mark.long
@pytest.mark.parametrize("answer", ["prompt", "denied"])
def test_a_script_is_held_back_the_terminal_says_what_to_do_and_that_helps(browser, waiting, answer):
    """Half a minute of silence, and the user reads of Allow, Block, Safari and the ways without a listener."""
    process, notice = waiting
    browser.choose(answer)
    browser.open("fetch-json", notice)
    told, silence = "", ENGLISH["silence"].replace("codingplan-bar login", f"{COMMAND} login --site intl")
    while silence not in told:
        line = process.stderr.readline().decode()
        assert line, f"it did not wait: {told}"
        told += line
    assert process.poll() is None
    assert ENGLISH["allow"] in told
    for step in ("After Block: allow", "Safari cannot", "--with-access-key", "--token-stdin"):
        assert step in ENGLISH["silence"]
    browser.choose("granted")
    browser.open("fetch-json", notice)
    _, more = process.communicate(timeout=LONGEST)
    assert (process.returncode, ENGLISH["accepted"] in more.decode()) == (0, True)
