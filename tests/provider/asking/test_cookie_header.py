"""A pasted Cookie header works in each shape that people copy it in."""

from __future__ import annotations

import contextlib
import time

import pytest

from codingplan_bar.credentials.pasted import LONGEST_HEADER, LONGEST_PASTE, cookies_in, normalise
from codingplan_bar.errors import InvalidCookie

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


@pytest.mark.parametrize("text", SHAPES.values(), ids=SHAPES.keys())
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


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
@pytest.mark.parametrize("quote", [posix, double, cmd])
@pytest.mark.parametrize("option", ["-b", "-H"])
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


@pytest.mark.parametrize("text", NO_HEADERS.values(), ids=NO_HEADERS.keys())
def test_what_holds_no_cookie_is_invalid(text):
    with pytest.raises(InvalidCookie):
        normalise(text)


@pytest.mark.parametrize("control", ["\r\n", "\n", "\r", "\0", "\t", "\x1b", "\x7f", "\x85", "\udcff"])
@pytest.mark.parametrize("shape", ["a=b{}c=d", "Cookie: a=b{}X: y=z", "curl x -b 'a=b{}c'", '"a=b{}c"'])
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
