import json

import pytest
from grammar import i3status_rust


def read(**fields):
    return i3status_rust.read(json.dumps(fields).encode())


def test_a_block_is_read_whole():
    block = i3status_rust.read(b'{"icon":"bell","state":"Warning","text":"a &amp; b","short_text":"a"}\n')
    assert (block.visible, block.icon, block.state, block.shown) == (True, "bell", "Warning", "a & b")
    assert block.short_text is not None
    assert block.errors == ()


@pytest.mark.parametrize(
    "output",
    [
        b'{"text":"x","unknown":[1]}',
        b'{"text":"x","unknown":1,"unknown":2}',
        b'{"text":"x","short_text":null}',
        b'{\n "text": "x"\n}\n',
        b'["","idle","x",null]',
        b'["","idle","x"]',
        b'  {"text":"x","state":"warning"}  \n\n',
    ],
)
def test_what_serde_takes(output):
    block = i3status_rust.read(output)
    assert (block.failed, block.shown) == (False, "x")


@pytest.mark.parametrize(
    "output",
    [
        b"",
        b"\n",
        b"x",
        b'{"text":null}',
        b'{"icon":null}',
        b'{"state":null}',
        b'{"text":42}',
        b'{"text":"x","short_text":1}',
        b'{"state":"CRITICAL"}',
        b'{"state":"error"}',
        b'{"text":"x","text":"y"}',
        b'{"text":"x"}\n{"text":"y"}',
        b'{"text":"x",}',
        b'{"text":"x","a":NaN}',
        b'{"text":"a\tb"}',
        b'{"text":"a\nb"}',
        rb'{"text":"\ud800"}',
        rb'{"text":"x","unknown":{"\udc00":1}}',
        b'\xef\xbb\xbf{"text":"x"}',
        b'{"text":"\xff"}',
        b'["a","idle","x",null,1]',
        b'"x"',
        b"[" * 100_000,
    ],
)
def test_what_serde_refuses_is_an_error_in_the_block(output):
    block = i3status_rust.read(output)
    assert block.failed
    assert block.errors


@pytest.mark.parametrize("state", ["Idle", "Info", "Good", "Warning", "Critical", "idle", "critical"])
def test_the_five_states_are_known_in_two_spellings(state):
    assert read(text="x", state=state).state == state.capitalize()


def test_an_empty_object_is_an_empty_hidden_block():
    assert not i3status_rust.read(b"{}").visible
    assert not i3status_rust.read(b"{}").failed


def test_an_unknown_icon_shows_an_error():
    assert "icon 'x' not found" in read(text="x", icon="x").errors[0]
    assert read(text="x", icon="weather_sun").errors == ()


def test_swaybar_shows_wrong_markup_raw():
    block = read(text="A & <b>", short_text="<")
    assert block.shown == "A & <b>"
    assert len(block.errors) == 2


def test_a_span_is_applied_but_a_link_is_none():
    assert read(text="<span size='xx-large'>x</span>").text.styles == {"size=xx-large"}
    assert read(text="<a href='x'>y</a>").errors


def test_persistent_reads_each_line():
    lines = b'{"text":"a"}\n{"text":"b"}\n'
    assert i3status_rust.read(lines, persistent=True).shown == "b"
    assert i3status_rust.read(b'x\n{"text":"b"}\n', persistent=True).failed
