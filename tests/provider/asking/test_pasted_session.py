"""A Cookie header in each shape that people copy it in, and what tools export of a browser."""

from __future__ import annotations

import contextlib
import json
import pprint
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each

from codingplan_bar.credentials.cookies import CookieJar, PastedHeader, cookies_in, is_damaged
from codingplan_bar.credentials.pasted_header_or_curl import LONGEST_HEADER, LONGEST_PASTE, normalise
from codingplan_bar.credentials.pasted_session import session_of
from codingplan_bar.credentials.saved import SavedSession
from codingplan_bar.errors import InvalidCookie, LoginRequired
from codingplan_bar.refresh.session import Found, RenewingSource
from codingplan_bar.regions import CONSOLE_HOSTS, INTL
from codingplan_bar.words import errors as words
from codingplan_bar.words.zh import WORDS

SHAPES = {
    "a mark of the byte order before it": "\ufeffa=b; c=d",
    "spaces of a page and of a Chinese keyboard": "\u3000Cookie:\u00a0a=b; c=d\u00a0",
    "backticks of a chat": "`Cookie: a=b; c=d`",
    "guillemets": "«a=b; c=d»",
    "a variable of a shell": "export ALIBABA_CODING_PLAN_COOKIE='a=b; c=d'",
    "a line of the settings": 'cookie_header = "a=b; c=d"',
    "semicolons of a Chinese keyboard": "a=b；c=d；",
    "bare": "a=b; c=d",
    "with Cookie: before it": "Cookie: a=b; c=d",
    "with cookie: before it": "cookie:a=b; c=d",
    "with its value on the next line": "Cookie:\n  a=b; c=d",
    "in double quotes": '"a=b; c=d"',
    "in single quotes": "'a=b; c=d'",
    "with its name, in quotes": "'Cookie: a=b; c=d'",
    "with its value in quotes": 'Cookie: "a=b; c=d"',
    "with white space around it": "\r\n  a=b; c=d \n",
    "with what is not seen around it": "\ufeff\u200ba=b; c=d\u200b\u2060",
    "with a semicolon at its end": "a=b;c=d;",
    "with empty pieces": "; a=b;; ;c=d ;",
    "curl -H": "curl 'https://x.test/?q=1' -H 'accept: */*' -H 'Cookie: a=b; c=d' --compressed",
    'curl -H ""': 'curl "https://x.test/" -H "cookie: a=b; c=d"',
    "curl --header": "curl https://x.test --header 'Cookie: a=b; c=d'",
    "curl --header=": "curl https://x.test --header='Cookie: a=b; c=d'",
    "curl --cookie": "curl --cookie 'a=b; c=d' https://x.test",
    "curl -b": "curl https://x.test -b 'a=b; c=d'",
    "curl -b without a space": "curl https://x.test -b'a=b; c=d'",
    "curl -b $''": "curl https://x.test -b $'a=b; c=\\u0064'",
    "curl on several lines": "curl 'https://x.test' \\\n  -H 'accept: */*' \\\n  -b 'a=b; c=d' \\\n  --data-raw 'x=y'",
    "curl on several lines of CRLF": "curl 'https://x.test' \\\r\n  -b 'a=b; c=d'",
    "curl, its lines joined": "curl 'https://x.test' \\   -H 'accept: */*' \\   -b 'a=b; c=d'",
    "curl for cmd": 'curl ^"https://x.test/?a=^%^20^" ^\n  -H ^"accept: */*^" ^\n  -b ^"a=b; c=d^" ^\n  -d ^"x^"',
    "curl for cmd, CRLF": 'curl ^"https://x.test^" ^\r\n  -H ^"Cookie: a=b; c=d^"',
    "curl of an older Chrome for cmd": 'curl "https://x.test" ^\n  -H "Cookie: a=b; c=d" ^\n  --compressed',
    "curl.exe": 'curl.exe "https://x.test" -H "Cookie: a=b; c=d"',
    "curl behind a prompt": "$ curl 'https://x.test' -b 'a=b; c=d'",
    "curl with two -b": "curl https://x.test -b a=b -b c=d",
    "the option alone": "-H 'Cookie: a=b; c=d'",
    "-b alone": "-b 'a=b; c=d'",
    "--cookie alone": "--cookie 'a=b; c=d'",
    "with a full-width colon": "Cookie：a=b; c=d",
    "in curly quotes": "“a=b; c=d”",
    "in single curly quotes, with its name": "‘Cookie: a=b; c=d’",
    "curl with curly quotes": "curl “https://x.test” -H ‘accept: */*’ -H “Cookie: a=b; c=d”",
    "curl with a full-width colon": "curl 'https://x.test' -H 'Cookie：a=b; c=d'",
    "the option alone, in curly quotes": "-H “Cookie: a=b; c=d”",
    "HTTPie": "http POST 'https://x.test/?q=1' accept:'*/*' 'Cookie:a=b; c=d' body=x",
    "HTTPie with its other name": "https x.test Cookie:'a=b; c=d'",
    "wget": "wget --method POST --header 'accept: */*' --header='Cookie: a=b; c=d' -O - 'https://x.test'",
    "wget.exe": 'wget.exe --header="Cookie: a=b; c=d" "https://x.test"',
}


@for_each("text", SHAPES.values(), ids=SHAPES.keys())
def test_each_shape_gives_the_same_header(text):
    assert normalise(text) == "a=b; c=d"


VALUES = {
    "an option of curl": "x -b y -H 'z' --cookie w",
    "a hyphen and letters": "abc-Br-b-H",
    "equal signs": "YQ==",
    "JSON": '{"k":"v","n":[1,2]}',
    "percent-encoding": "%7B%22a%22%3A1%7D",
    "double quotes": '"quoted"',
    "an exclamation mark": "a!b",
    "a dollar sign": "$HOME$(x)`y`",
    "back-slashes": "a\\b\\\\c",
    "carets and pipes": "a^b|c&d<e>f",
    "letters of another script": "值é",
}


def posix(text):
    special = "'" in text or "!" in text
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("!", "\\u0021")
    return f"$'{escaped}'" if special else f"'{text}'"


def double(text):
    for character in '\\"$`':
        text = text.replace(character, "\\" + character)
    return f'"{text}"'


def cmd(text):
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return '^"' + "".join(c if c.isalnum() or c in " _-:=+~'/.,?;()*`" else "^" + c for c in text) + '^"'


@for_each("value", VALUES.values(), ids=VALUES.keys())
@for_each("quote", [posix, double, cmd])
@for_each("option", ["-b", "-H"])
def test_a_cookies_own_value_is_no_option_and_stays_as_it_is(value, quote, option):
    header = f"first=1; v={value}; last=2"
    argument = header if option == "-b" else f"Cookie: {header}"
    assert normalise(f"curl {quote('https://x.test')} {option} {quote(argument)} {quote('-b')} -I") == header
    assert normalise(header) == header


def test_the_value_of_another_option_is_no_option():
    assert normalise("curl https://x.test --data-raw '-b' -A '-H' -b 'a=b'") == "a=b"


def test_other_headers_of_a_command_are_left_out():
    command = "curl https://x.test -H 'X-Cookie: no=1' -H 'cookies: no=2' -H 'Authorization: no=3' -b a=b"
    assert normalise(command) == "a=b"


NO_HEADERS = {
    "a program that nobody told us of": "xh post https://x.test 'Cookie:a=b; c=d'",
    "a dictionary": "{'cookie': 'a=b; c=d'}",
    "what a server sets": "Set-Cookie: a=b; Path=/; c=d",
    "a cell of a table": "<td>a=b; c=d</td>",
    "a name of ours in brackets": "cookies[a=b; c=d]",
    "nothing": "",
    "white space": " \n ",
    "quotes alone": "''",
    "the name alone": "Cookie:",
    "a word": "hello",
    "words": "hello; world",
    "a value without a name": "=b; =c",
    "an address": "https://x.test/?a=b",
    "HTTPie without cookies": "http x.test accept:a=b",
    "wget with a file of cookies": "wget --load-cookies cookies.txt https://x.test",
    "JSON": '{"cookie": "a=b"}',
    "a command without cookies": "curl 'https://x.test' -H 'accept: a=b'",
    "a command with a file of cookies": "curl https://x.test -b cookies.txt",
    "an option without a value": "curl https://x.test -b",
    "a quote that is never closed": "curl 'https://x.test' -b 'a=b",
    "a double quote that is never closed": 'curl -b "a=b\\"',
    "a $' that is never closed": "curl -b $'a=b",
    "a back-slash at the end": "curl -b a=b \\",
}


@for_each("text", NO_HEADERS.values(), ids=NO_HEADERS.keys())
def test_what_holds_no_cookie_is_invalid(text):
    with pytest.raises(InvalidCookie):
        normalise(text)


@for_each("control", ["\r\n", "\n", "\r", "\0", "\t", "\x1b", "\x7f", "\x85", "\udcff"])
@for_each("shape", ["a=b{}c=d", "Cookie: a=b{}X: y=z", "curl x -b 'a=b{}c'", '"a=b{}c"'])
def test_a_header_with_a_control_character_is_refused(shape, control):
    with pytest.raises(InvalidCookie):
        normalise(shape.format(control))


@pytest.mark.parametrize(
    "escape", [r"\n", r"\r", r"\x00", r"\0", r"\u000a", r"\e", r"\U0000000d", r"\ud800", r"\U00110000\n"]
)
def test_a_control_character_behind_an_escape_is_refused_too(escape):
    with pytest.raises(InvalidCookie):
        normalise(f"curl x -b $'a=b{escape}c'")


def test_the_length_is_bounded():
    assert len(normalise("a=" + "b" * (LONGEST_HEADER - 2))) == LONGEST_HEADER
    with pytest.raises(InvalidCookie):
        normalise("a=" + "b" * LONGEST_HEADER)
    with pytest.raises(InvalidCookie):
        normalise("a=b;" + " " * LONGEST_PASTE)


@pytest.mark.parametrize("unit", ['"', '""', "'", "\\", "$'", "^", '^"', "; ", "a=", "-b ", "\\\n", " "])
def test_no_text_takes_long(unit):
    text = "curl -b " + unit * ((LONGEST_PASTE - 20) // len(unit))
    started = time.process_time()
    with contextlib.suppress(InvalidCookie):
        normalise(text)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("text", ["Cookie: a=top-secret\nX", "top-secret", "curl -b 'a=top-secret"])
def test_no_message_repeats_what_was_pasted(text):
    with pytest.raises(InvalidCookie) as refusal:
        normalise(text)
    error = refusal.value
    assert "secret" not in f"{error!r}{error.message}{error.hint}{error.where}"


def test_cookies_are_split_at_their_first_equal_sign():
    assert list(cookies_in('a=b=c; d="x y"; loose; e=')) == [("a", "b=c"), ("d", '"x y"'), ("e", "")]


# What tools export of a browser is read for the console's hosts alone, or refused by its name.


NOW = 1_795_537_805
TICKET = "login_aliyunid_ticket"
ROOT, RPC, PAGE = ".alibabacloud.com", INTL.hosts.rpc, INTL.hosts.gateway
HEADERS = {"accept": "*/*", "cookie": "a=b; c=d"}
OPTIONS = {"body": "x=y", "method": "POST"}


def listed(*, end="expirationDate", **more):
    """Cookies of the console, of its provider's other pages, and of somebody else, as an extension lists them."""
    named = [("a", ROOT), ("c", RPC), ("no", "aliyun.com.evil.net"), ("no", ".evil-aliyun.com"), ("no", "example.com")]
    return [
        {"name": name, "value": "d", "domain": domain, "path": "/", end: NOW + 60, **more} for name, domain in named
    ]


def har(*requests):
    entries = [{"request": {"url": f"https://{host}/x", "headers": headers}} for host, headers in requests]
    return json.dumps({"log": {"version": "1.2", "entries": entries}})


def header(value):
    return [{"name": "Accept", "value": "*/*"}, {"name": "Cookie", "value": value}]


NETSCAPE = f"""# Netscape HTTP Cookie File
# This is a generated file! Do not edit.

{ROOT}\tTRUE\t/\tTRUE\t{NOW + 60}\ta\td
#HttpOnly_{RPC}\tFALSE\t/\tTRUE\t0\tc\td
.evil-aliyun.com\tTRUE\t/\tTRUE\t0\tno\td
"""
POWERSHELL = f"""$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession
$session.UserAgent = "Mozilla/5.0"
$session.Cookies.Add((New-Object System.Net.Cookie("a", "d", "/", "{ROOT}")))
$session.Cookies.Add((New-Object System.Net.Cookie("c", "d", "/", "{RPC}")))
$session.Cookies.Add((New-Object System.Net.Cookie("no", "d", "/", "example.com")))
Invoke-WebRequest -UseBasicParsing -Uri "https://{RPC}/data/api.json" `
-WebSession $session
"""
JARS = {
    "EditThisCookie": json.dumps(listed(hostOnly=None, storeId="0", session=False)),
    "Playwright": json.dumps({"cookies": listed(end="expires", httpOnly=True), "origins": []}),
    "Puppeteer": json.dumps(listed(end="expires", size=2), indent=1),
    "cookies.txt": NETSCAPE,
    "cookies.txt without its first line": NETSCAPE.split("\n\n")[1],
    "cookies.txt with spaces": NETSCAPE.replace("\t", "    "),
    "PowerShell": POWERSHELL,
    "the table of the developer tools": "".join(
        f"{each['name']}\td\t{each['domain']}\t/\t2027-01-01T00:00:00.000Z\t40\t✓\t✓\tNone\t\tMedium\n"
        for each in listed()
    ),
}


def table(heading, mark=","):
    rows = (mark.join((each["name"], '"d"', each["domain"], "/", str(NOW + 60))) for each in listed())
    return "\n".join([heading.replace(",", mark), *rows])


def javascript(cookies):
    """As Node prints it: keys without quotes, strings in single ones."""
    return re.sub(r'"(\w+)":', r"\1:", json.dumps(cookies, indent=2)).replace('"', "'")


SELENIUM = [{"domain": each["domain"], "expiry": NOW + 60, "httpOnly": True, **each} for each in listed(sameSite="Lax")]
JARS |= {
    "Selenium's print": str(SELENIUM),
    "the same, a cookie a line": "\n".join(map(str, SELENIUM)),
    "the same, by pprint": pprint.pformat(SELENIUM),
    "the same, of Python 2": str(SELENIUM).replace(": '", ": u'"),
    "Puppeteer's print": javascript(listed(secure=True)),
    "Ruby's print": json.dumps(listed())
    .replace('": ', '"=>')
    .replace('{"', "{:")
    .replace(', "', ", :")
    .replace('"=>', "=>"),
    "a program with the list": f"cookies = {pprint.pformat(SELENIUM)}\nfor c in cookies:\n    driver.add_cookie(c)\n",
    "JSON, a cookie a line": "\n".join(map(json.dumps, listed())),
    "the print of requests' jar": "<RequestsCookieJar["
    + ", ".join(f"<Cookie {each['name']}=d for {each['domain']}/>" for each in listed())
    + "]>",
    "CSV": table("name,value,domain,path,expires"),
    "CSV of Firefox's own table": table('"name","value","host","path","expiry"'),
    "CSV with semicolons": table("Name,Value,Domain,Path,Expires", ";"),
    "sqlite's list of Chromium's table": table("name,value,host_key,path,expires_utc", "|"),
    "the table of the developer tools with its heading": table("Name,Value,Domain,Path,Expires", "\t"),
    "Cookie Quick Manager": json.dumps(
        [
            {
                "Host raw": f"https://{each['domain']}/",
                "Name raw": each["name"],
                "Path raw": "/",
                "Content raw": "d",
                "Expires raw": str(NOW + 60),
            }
            for each in listed()
        ]
    ),
}
HEADERS_IN = {
    "copy as fetch (Node.js)": f'fetch("https://{RPC}/?a=1", {json.dumps({"headers": HEADERS, **OPTIONS})});',
    "the same with await": f'await fetch("https://{RPC}/", {json.dumps({"headers": HEADERS}, indent=2)})',
    "PowerShell with a header": f'Invoke-WebRequest -Uri "https://{RPC}" -Headers @{{\n"Cookie" = "a=b; c=d"\n}}',
    "a HAR of one host": har((RPC, header("old=1")), ("example.com", header("no=1")), (RPC, header("a=b; c=d"))),
    "the headers of a request": f"GET /?a=1 HTTP/1.1\r\nHost: {RPC}\r\nCookie: a=b; c=d\r\nAccept: */*\r\n",
    "those of HTTP/2, in crumbs": f":authority: {RPC}\ncookie: a=b\naccept: */*\ncookie: c=d",
    "each value below its name": f"accept\n*/*\ncookie\na=b; c=d\nreferer\nhttps://{PAGE}/",
    "a header in a program": "headers = {'Cookie': 'a=b; c=d'}",
    "JSON of headers": '{"cookie": "a=b; c=d"}',
    "cookies of a program": "cookies = {'a': 'b', 'c': 'd'}",
    "the same in several lines": "import requests\n\ncookies = {\n    'a': 'b',  # 'x': 'y',\n    \"c\": '\\x64',\n}\n",
    "the same in a call": f"requests.post('https://{RPC}', cookies={{'a': 'b', 'c': 'd'}})",
    "cookies in JavaScript": "const cookies = {a: 'b', c: 'd'};",
    "CSV of names and values": "name,value\na,b\nc,d\n",
    "a list of names and values": "[{'name': 'a', 'value': 'b'}, {'name': 'c', 'value': 'd'}]",
    "a header": "a=b; c=d",
    "a command": f"curl 'https://{RPC}' -b 'a=b; c=d'",
}
NAMED = {
    "Python's print": f"{{'{TICKET}': 'x$y', 'c': 'd'}}",
    "Python's print of pairs": f"dict_items([('{TICKET}', 'x$y'), ('c', 'd')])",
    "JavaScript's print": f"{{ {TICKET}: 'x$y', c: 'd' }}",
    "JSON of names and values": json.dumps({TICKET: "x$y", "c": "d"}),
    "Firefox's cookies of a request": json.dumps({"Request Cookies": {TICKET: "x$y", "c": "d"}}, indent=2),
}
REFUSED = {
    "a line of a program": (
        f'Request request = builder.header("cookie", "{TICKET}=x$y; c=d")',
        "before the first cookie",
    ),
    "copy as fetch": (f'fetch("https://{RPC}", {json.dumps({"headers": {"accept": "*/*"}, **OPTIONS})});', "fetch"),
    "a fetch that is cut off": ('fetch("https://x.test", {"headers": {"cookie": "a=', "fetch"),
    "a HAR without cookies": (har((RPC, header("")[:1])), "HAR"),
    "a HAR of another site": (har(("example.com", header("a=b"))), "HAR"),
    "PowerShell without cookies": ('Invoke-WebRequest -Uri "https://x.test"', "PowerShell"),
    "an export of another site": (json.dumps(listed()[2:]), "export"),
    "an empty export": ("[]", "export"),
    "JSON of another kind": ('{"cookie": 1}', "JSON"),
    "a dictionary of another kind": ("{'a': 'b'}", "data of a program"),
    "an expression": ("[print(1) for _ in ()]", "data of a program"),
    "Selenium's print of another site": (str(SELENIUM[2:]), "export"),
    "CSV of another site": ("name,value,domain\na,b,example.com", "export"),
    "CSV without a heading": (f"{TICKET},x$y,.alibabacloud.com,/", "columns"),
    "an API key": ("sk-sp-0123456789abcdef0123456789", "API key"),
    "a ticket alone": ("3R5H3eHWAtPYhHE$8Z9xKhRsXx_aBcDeFgHiJkLmNoP.q*s==", "login_aliyunid_ticket="),
}


@for_each("kind", JARS)
def test_of_an_export_the_cookies_for_the_consoles_hosts_are_kept_each_for_its_own(kind):
    session = session_of(JARS[kind])
    assert isinstance(session, CookieJar)
    assert {cookie.name for cookie in session.cookies} == {"a", "c"}
    assert session.header_for(RPC, "/data/api.json", NOW) == "a=d; c=d"
    assert session.header_for(PAGE, "/", NOW) == "a=d"
    assert session.header_for("www.alibabacloud.com.evil.net", "/", NOW) is None


@pytest.mark.parametrize("kind", ["EditThisCookie", "Playwright", "cookies.txt"])
def test_a_cookie_that_has_run_out_is_sent_no_more(kind):
    assert "a=d" not in (session_of(JARS[kind]).header_for(RPC, "/", NOW + 61) or "")


def test_of_a_har_each_host_gets_what_was_sent_there():
    session = session_of(har((PAGE, header("p=1")), (RPC, header("old=1")), (RPC, header("r=1; s=2"))))
    assert (session.header_for(PAGE, "/", NOW), session.header_for(RPC, "/", NOW)) == ("p=1", "r=1; s=2")


@pytest.mark.parametrize("kind", HEADERS_IN)
def test_a_header_within_something_else_is_found(kind):
    assert session_of(HEADERS_IN[kind]) == PastedHeader("a=b; c=d")


@pytest.mark.parametrize("kind", NAMED)
def test_an_object_of_names_and_values_that_has_the_ticket_is_a_header(kind):
    assert session_of(NAMED[kind]) == PastedHeader(f"{TICKET}=x$y; c=d")


@pytest.mark.parametrize("first", ['cookieconsent={"a":"b"}', "cookies=[1]", f'c={{"{TICKET}": "no"}}', "a=(b)"])
def test_a_header_whose_first_value_is_data_is_still_a_header(first):
    assert session_of(f"{first}; {TICKET}=x$y") == PastedHeader(f"{first}; {TICKET}=x$y")


def test_a_header_that_was_broken_into_lines_is_no_list_of_headers():
    with pytest.raises(InvalidCookie):
        session_of("Cookie: a=b;\n  c=d\nAccept: */*")


def test_a_dollar_that_powershell_has_escaped_is_one():
    text = POWERSHELL.replace('"d"', '"x`$y`"z"')
    assert session_of(text).values(PAGE, NOW).get("a") == 'x$y"z'


@pytest.mark.parametrize("kind", REFUSED)
def test_what_holds_no_session_is_refused_by_its_name_in_both_languages_and_not_repeated(kind):
    text, name = REFUSED[kind]
    with pytest.raises(InvalidCookie) as refused:
        session_of(text)
    message = refused.value.message
    assert name in message
    assert text not in message
    chinese, _ = words.error_text("invalid_cookie", f"The Cookie header in X is not valid. {message}", "", WORDS)
    assert message not in chinese
    assert any(part.lower() in chinese.lower() for part in (name, "导出", "Cookie 之前", "程序数据", "各列"))


@pytest.mark.parametrize(
    "piece", ["[", "{'a':", "(", "<Cookie a=", "[[1,", "name,value|", "'\\", "cookies = {'a': 1, "]
)
def test_a_text_of_one_piece_over_and_over_is_judged_at_once(piece):
    begins = time.thread_time()  # of the processor: a busy machine changes nothing
    for text in (piece * (LONGEST_PASTE // len(piece)), f"{piece}{'1,' * (LONGEST_PASTE // 3)}"):
        with contextlib.suppress(InvalidCookie):
            session_of(text)
    assert time.thread_time() - begins < 2


ITEMS = st.dictionaries(
    st.sampled_from(["name", "value", "domain", "path", "hostOnly", "expirationDate", "expires", "cookies", "log"]),
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["", "a", "a;b", ROOT, RPC, "/"]),
)


@given(st.lists(ITEMS | st.integers()) | ITEMS | ITEMS.map(lambda item: {"cookies": [item], "log": item}))
def test_whatever_an_export_holds_it_is_a_jar_for_the_consoles_hosts_or_refused(data):
    try:
        session = session_of(json.dumps(data))
    except InvalidCookie:
        return
    assert all(any(cookie.goes_to(host, cookie.path) for host in CONSOLE_HOSTS) for cookie in session.cookies)


@pytest.mark.parametrize("ticket", ["abc", ""])
def test_a_ticket_without_its_dollars_is_suspected_where_it_is_turned_down(ticket):
    found = Found(session_of(f"{TICKET}={ticket}; b=c"), SavedSession(), "X")
    with pytest.raises(LoginRequired) as refused:
        RenewingSource(found, lambda _: TurnedDown(), browsers=None).ask(INTL)
    assert refused.value.hint == words.english("cookie.eaten.hint")
    assert "单引号" in words.error_text("login_required", "", words.english("cookie.eaten.hint"), WORDS)[1]


@pytest.mark.parametrize("text", [f"{TICKET}=a$b", "b=c", NETSCAPE])
def test_nothing_else_is(text):
    assert not is_damaged(session_of(text))


class TurnedDown:
    """Web mode whose session is over."""

    name, home = "web", None

    def covers(self, region):
        return True

    def ask(self, region):
        raise LoginRequired("The console asks for a sign-in.")
