"""What is fuzzed: each target takes any bytes, and raises nothing but what its reader promises, whatever they are."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import editors
import shown
from support.payloads import body_of, samples

from codingplan_bar import facts, snapshot
from codingplan_bar.bars.template import fill
from codingplan_bar.browsers import firefox, stores
from codingplan_bar.credentials import other_tools
from codingplan_bar.credentials.cookies import CookieJar
from codingplan_bar.credentials.exports import session_of
from codingplan_bar.credentials.pasted import is_sendable, normalise
from codingplan_bar.errors import CodingPlanError, ConfigError, EndpointRejected, InvalidCookie
from codingplan_bar.model import Snapshot
from codingplan_bar.process import Finished
from codingplan_bar.provider import addresses, bl, web
from codingplan_bar.provider.answers import read
from codingplan_bar.provider.bl import read_tool
from codingplan_bar.provider.values import decode
from codingplan_bar.refresh import schedule
from codingplan_bar.regions import INTL
from codingplan_bar.settings import settings
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
        assert is_sendable(session_of(text).header_for(INTL.rpc, "/", 0) or "")
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
    "shown": Target(shown.in_every_bar, shown.seeds()),
    "facts": Target(the_facts, [facts.dumps({"a": "b", "c": ""}).encode()]),
    "kept": Target(what_is_kept, _encoded(['{"failures":1}', '[{"name":"a","value":"b","domain":"c"}]'])),
    "tool": Target(a_tools_print, [body for body in ANSWERS if b"per5Hour" in body] or ANSWERS[:3]),
    "codexbar": Target(
        codexbars_file, _encoded(['{"providers":[{"id":"alibaba","region":"cn","cookieHeader":"a=b"}]}'])
    ),
    "firefox": Target(firefoxes_files, [b"[Profile0]\nPath=a\nIsRelative=1\n", b"mozLz40\0\x10\0\0\0\xf0\x01{}"]),
    **{name: Target(editors.an_editor(name), editors.seeds(name)) for name in editors.EDITORS},
    "text": Target(a_text, _encoded(["Coding Plan Pro", "a\u202eb", "<b>&amp;", "e\u0301"])),
}
