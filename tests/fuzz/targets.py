"""What is fuzzed: each target takes any bytes, and raises nothing but what its reader promises, whatever they are."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import NamedTuple

from support.configurations import configurations
from support.payloads import body_of, samples

from codingplan_bar import bars, facts, snapshot
from codingplan_bar.bars.template import fill
from codingplan_bar.bars.watch import NOT_AS_THEY_SHOULD_BE, until_next_change
from codingplan_bar.browsers import firefox, stores
from codingplan_bar.commands.setup import RULE
from codingplan_bar.configure import bars as editors
from codingplan_bar.configure.block import LeftAlone
from codingplan_bar.credentials import other_tools
from codingplan_bar.credentials.cookies import CookieJar, is_sendable
from codingplan_bar.credentials.pasted_header_or_curl import normalise
from codingplan_bar.credentials.pasted_session import session_of
from codingplan_bar.errors import CodingPlanError, ConfigError, EndpointRejected, InvalidCookie
from codingplan_bar.model import Snapshot
from codingplan_bar.process import Finished
from codingplan_bar.provider import addresses, bl, web
from codingplan_bar.provider.bl import read_tool
from codingplan_bar.provider.http_answers import read
from codingplan_bar.provider.values import decode
from codingplan_bar.refresh import schedule
from codingplan_bar.refresh.snapshot_to_facts import compile_facts
from codingplan_bar.regions import INTL
from codingplan_bar.settings import settings
from codingplan_bar.settings.settings import load
from codingplan_bar.settings.templates import compile_template
from codingplan_bar.text import clean

NOW = 1_795_400_131
SCRATCH = Path(tempfile.gettempdir())
PASTED = (
    "login_aliyunid_ticket=abc; sec_token=1; cna=x",
    "Cookie: a=b; c=d",
    "-H 'cookie: a=b'",
    "curl 'https://example.com/' -H 'cookie: a=b; c=\"d\"' --compressed",
    'curl ^"https://example.com/^" -b ^"a=b^"',
    "curl $'https://example.com' -b $'a=\\u0041'",
    "wget --header=“Cookie：a=b” x",
    "https x 'Cookie:a=b'",
    'fetch("x", {"headers": {"cookie": "a=b"}})',
    '$s = New-Object X\nSystem.Net.Cookie("a", "b`$", "/", ".aliyun.com"))',
    ".aliyun.com\tTRUE\t/\tTRUE\t0\ta\tb",
    '[{"name":"a","value":"b","domain":".aliyun.com","expires":-1}]',
    '{"log":{"entries":[{"request":{"url":"https://bailian.console.aliyun.com","headers":[{"name":"cookie","value":"a=b"}]}}]}}',
    "cookies = {\n 'login_aliyunid_ticket': 'a$b',  # 'x': 'y',\n}\n",
    "[{'domain': '.alibabacloud.com', 'expiry': 1795, 'httpOnly': True, 'name': 'a', 'path': '/', 'value': 'b'}]",
    "<RequestsCookieJar[<Cookie a=b for .alibabacloud.com/>]>",
    'name,"value",host_key,path\na,b,.alibabacloud.com,/\n',
    "[{:name=>\"a\", :value=>'b'}]",
)
OVERRIDES = (
    "example.com",
    "https://example.com:8443/a?b=c",
    "http://user@example.com",
    "[::1]:80",
    "xn--e1afmkfd.example",
    "https://example.com\\@evil.example",
    "https://modelstudio.console.alibabacloud.com./data/api.json",
)
TEMPLATES = (
    "{plan} {weekly.percent}[ · {binding.reset}]",
    "[[{binding.bar:8}]]",
    "{five_hour.used}/{five_hour.total}[[a[{state}]]",
    "a\nb{{}}",
)
SETTINGS = (
    settings.template(),
    'source = "web"\nthresholds = [50, 80]\ncolors = {ok = "#00ff00"}\n',
    'format = "{plan}"\nwindows = ["weekly"]\non_threshold = ["a", "b"]\n',
)


class Target(NamedTuple):
    """One reader: `run` gives it bytes, `seeds` are good ones to begin with."""

    run: Callable[[bytes], object]
    seeds: Iterable[bytes]


def a_payload(data: bytes) -> None:
    """An answer of the provider, read in each of the ways; what is read makes a document that meets the schema."""
    for reading in (lambda value: read(value, now=NOW, mode="web"), lambda value: read_tool(value, now=NOW)):
        with suppress(CodingPlanError):
            found = reading(decode(data))
            shown = Snapshot(NOW, "https://example.com/", "web", "intl", found.plan, found.windows)
            snapshot.check(snapshot.to_document(shown))
            assert snapshot.loads(snapshot.dumps(snapshot.to_document(shown))) == shown
    with suppress(CodingPlanError):
        assert isinstance(web.in_payload(decode(data)), str)


def a_page(data: bytes) -> None:
    """The console's page, in which the token is looked for."""
    token = web.in_page(data.decode("utf-8", "replace"))
    assert isinstance(token, str)


def a_header(data: bytes) -> None:
    """A pasted header or command line: what comes out can be sent, and comes out of itself again; or an export."""
    text = data.decode("utf-8", "surrogateescape")
    with suppress(InvalidCookie):
        assert is_sendable(session_of(text).header_for(INTL.hosts.rpc, "/", 0) or "")
    with suppress(InvalidCookie):
        header = normalise(text)
        assert is_sendable(header)
        assert normalise(header) == header


def an_override(data: bytes) -> None:
    """An address in the environment: refused, or one host that is contacted by TLS."""
    text = data.decode("utf-8", "surrogateescape")
    for variable in (addresses.HOST, addresses.QUOTA_URL):
        with suppress(EndpointRejected):
            judged = addresses.judge({variable: text})
            address = judged.override or judged.quota
            assert address is None or address.url.startswith("https://")
    with suppress(EndpointRejected):
        strict = addresses.judge({addresses.QUOTA_URL: text, addresses.ONLY_THE_PROVIDERS: "1"})
        assert strict.quota is None or strict.quota.host in addresses.PROVIDERS_HOSTS


def a_snapshot(data: bytes) -> None:
    """The stored document: unreadable, or one that is written again as it was read."""
    with suppress(snapshot.UnreadableSnapshot):
        found = snapshot.loads(data.decode("utf-8", "replace"))
        assert snapshot.loads(snapshot.dumps(snapshot.to_document(found))) == found


def the_settings(data: bytes) -> None:
    """config.toml: an error that names where it is, or settings of which each can be had."""
    with suppress(ConfigError):
        found = settings.load(data.decode("utf-8", "replace"), {})
        assert all(getattr(found, name) is not None for name in settings.SETTINGS)


def a_template(data: bytes) -> None:
    """A format of the user's: refused, or filled in without a control character but its own new lines."""
    with suppress(ValueError):
        compiled = compile_template(data.decode("utf-8", "replace"))
        assert "\n" not in compiled
        assert all(
            char.isprintable() or char in "\n\xad" or not char.isascii() for char in fill(compiled, lambda _: "x")
        )


def the_facts(data: bytes) -> None:
    """The bars' own file: none, or what is written again as it was read."""
    found = facts.loads(data.decode("utf-8", "replace"))
    assert found is None or facts.loads(facts.dumps(found)) == found


def what_is_kept(data: bytes) -> None:
    """The other files of the state folder."""
    text = data.decode("utf-8", "replace")
    schedule.loads(text)
    with suppress(ValueError, RecursionError):
        CookieJar.from_data(json.loads(text))


def a_tools_print(data: bytes) -> None:
    """What the provider's tool prints, on either stream."""
    for finished in (Finished("exit", 0, data, b""), Finished("exit", 1, b"", data)):
        answer = bl.answer_in(finished)
        bl.is_certain(answer, finished.exit_code)
        bl.version_in(finished)


def codexbars_file(data: bytes) -> None:
    """The settings of CodexBar."""
    other_tools.entry_in(data, "~/.codexbar/config.json")


def firefoxes_files(data: bytes) -> None:
    """The list of profiles, and the compressed session."""
    with tempfile.TemporaryDirectory(dir=SCRATCH) as name:
        folder = Path(name)
        for file in ("profiles.ini", "installs.ini", "x.jsonlz4"):
            (folder / file).write_bytes(data)
        list(stores.folders(folder))
        firefox.load(folder / "x.jsonlz4")


def a_text(data: bytes) -> None:
    """A text from outside, cleaned for the bars."""
    cleaned = clean(data.decode("utf-8", "surrogateescape"), 40)
    assert len(cleaned) <= 40
    assert cleaned.isprintable()


# Facts that are not as they should be: every bar says so by an error that the door knows, and goes the other road.

PAST = {"session.origin": "Firefox", "session.ends_at": str(NOW + 900), "flow.five_hour": "1 2 3", "spark": "1 - 99"}
KEPT = {"environment": "", "inputs": "", "made_at": str(NOW), "due": str(NOW + 300)}
MOST = 8


def in_every_bar(data: bytes) -> None:
    """Each adapter on what the file says, and when a watcher would look again."""
    known = facts.loads(data.decode("utf-8", "replace"))
    for bar in bars.BARS if known else ():
        with suppress(*NOT_AS_THEY_SHOULD_BE):
            bars.render(bar, known, NOW + 5, {})
            until_next_change(known, NOW + 5)


def _seeds_of_facts() -> list[bytes]:
    """The facts of some answers, with all that may be in them."""
    found = [facts.dumps({**KEPT, **compile_facts(each, None, load("", {})), **PAST}).encode() for each in _plans()]
    return found[:MOST]


def _plans() -> Iterator[Snapshot]:
    for sample in samples():
        with suppress(CodingPlanError):
            found = read(decode(sample.body), now=NOW, mode="web")
            yield Snapshot(NOW, "https://example.com/", "web", "intl", found.plan, found.windows)


# The editors of `setup`: a configuration is left alone, or ours goes in once and comes out again to the byte.

EDITORS = ("waybar", "waybar_style", "polybar", "i3status_rust", "tmux", "i3blocks", "plugins:swiftbar")
COMMAND = "/opt/my tools/it's 100 %/codingplan-bar"
MOVED = "/opt/bin/codingplan-bar"
OURS = re.compile(r"(?:>>>|<<<) codingplan-bar|# made by `codingplan-bar")
"""In each marker line, also of the first version, and in a plugin's last line."""
STYLE = b"@import 'a.css';\n* { font-size: 13px; } /* } */\nwindow#waybar { color: #fff }\n"


def an_editor(name: str) -> Callable[[bytes], None]:
    """For any text, also one with ours that its user has edited, moved or torn.

    What can be put there or renewed is taken out again as it would have been before, or is refused as it would have
    been; for a text without ours that is the text itself, to the byte. Twice is once.

    Text that is no UTF-8 never comes so far: `Configuration` leaves it alone.
    """
    editor = editors.editor(name)

    def run(data: bytes) -> None:
        with suppress(UnicodeDecodeError):
            before = data.decode()
            RULE.configured(before)
            without = unless_left_alone(editor.taken, before)
            if not OURS.search(before):
                assert without in (before, None), "what has nothing of ours loses nothing"
            for command in (COMMAND, MOVED):
                after = unless_left_alone(editor.changed, before, command)
                if after is not None:
                    assert unless_left_alone(editor.taken, after) == without, "what was put there is taken out again"
                    assert unless_left_alone(editor.changed, after, command) == after, "twice is once"

    return run


def unless_left_alone(edit: Callable[..., str], *arguments: str) -> str | None:
    """What an editor makes of a text; None where it leaves it alone."""
    try:
        return edit(*arguments)
    except LeftAlone:
        return None


def _seeds_of_editor(name: str) -> list[bytes]:
    """Configurations as people have them, as they are and with ours."""
    texts = [each.content for each in configurations(name)] or [STYLE] * (name == "waybar_style")
    editor = editors.editor(name)
    empty = [] if editor.shown else [b""]
    return [*texts, *(editor.changed(text.decode(), COMMAND).encode() for text in (*empty, *texts[:3]))]


def _encoded(texts: Iterable[str]) -> list[bytes]:
    return [text.encode() for text in texts]


ANSWERS = [sample.body for sample in samples()]
DOCUMENTS = _encoded(
    snapshot.dumps(snapshot.to_document(Snapshot(NOW, "https://example.com/", "web", "cn", *rest)))
    for rest in ((read(decode(body_of("active_by_the_payload")), now=NOW, mode="web").plan,),)
)
TARGETS = {
    "payload": Target(a_payload, ANSWERS),
    "page": Target(a_page, _encoded(['<script>window.X={"sec_token":"a\\u0041"}</script>', "SEC_TOKEN: 'a'"])),
    "header": Target(a_header, _encoded(PASTED)),
    "override": Target(an_override, _encoded(OVERRIDES)),
    "snapshot": Target(a_snapshot, DOCUMENTS),
    "settings": Target(the_settings, _encoded(SETTINGS)),
    "template": Target(a_template, _encoded(TEMPLATES)),
    "shown": Target(in_every_bar, _seeds_of_facts()),
    "facts": Target(the_facts, [facts.dumps({"a": "b", "c": ""}).encode()]),
    "kept": Target(what_is_kept, _encoded(['{"failures":1}', '[{"name":"a","value":"b","domain":"c"}]'])),
    "tool": Target(a_tools_print, [body for body in ANSWERS if b"per5Hour" in body] or ANSWERS[:3]),
    "codexbar": Target(
        codexbars_file, _encoded(['{"providers":[{"id":"alibaba","region":"cn","cookieHeader":"a=b"}]}'])
    ),
    "firefox": Target(firefoxes_files, [b"[Profile0]\nPath=a\nIsRelative=1\n", b"mozLz40\0\x10\0\0\0\xf0\x01{}"]),
    **{name: Target(an_editor(name), _seeds_of_editor(name)) for name in EDITORS},
    "text": Target(a_text, _encoded(["Coding Plan Pro", "a\u202eb", "<b>&amp;", "e\u0301"])),
}


# Bytes that are nearly good ones: where no fuzzer that watches the coverage can be had, these come near enough.

SALT = (b"", b"\0", b"\xff", b"\xed\xa0\x80", b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\r\n", b"\x1b[31m", b"'", b'"', b"\\")
SALT += (b"{", b"}", b"[", b"]", b"%{", b"#(", b"|", b"<", b"&", b"=", b";", b":", b"//", b"@", b"e999", b"-", b"null")
SALT += (b"1" * 400, b"[" * 200, b"[" * 20_000, b"\\u0000", b"\\ud800", b"NaN", b"9" * 5_000)


def mutated(chance: Random, seeds: list[bytes]) -> bytes:
    """One of the seeds, changed at one to eight places."""
    text = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, 8)):
        _change(chance, text, seeds)
    return bytes(text)


def _change(chance: Random, text: bytearray, seeds: list[bytes]) -> None:
    first = chance.randint(0, len(text))
    last = min(len(text), first + int(chance.expovariate(0.1)))
    kind = chance.randrange(5)
    if kind == 0 and text:
        text[first % len(text)] ^= 1 << chance.randrange(8)
    elif kind == 1:
        del text[first:last]
    elif kind == 2:
        text[first:first] = text[first:last] * chance.randint(1, 3)
    elif kind == 3:
        text[first:last] = chance.choice(SALT)
    else:
        other = chance.choice(seeds)
        start = chance.randint(0, len(other))
        text[first:last] = other[start : start + chance.randint(0, 80)]
