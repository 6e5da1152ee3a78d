"""tmux's configuration gets a few lines more at its end, which the real tmux reads as ours do; and which file it is."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.configurations import configurations
from support.machine import need
from support.rows import for_each

from codingplan_bar.configure import tmux
from codingplan_bar.configure.block import BEGINS, ENDS, LeftAlone
from codingplan_bar.configure.machine import Machine, tmux_trial
from codingplan_bar.configure.tmux import (
    Unfinished,
    bound,
    changed,
    commands,
    forms,
    place,
    popup_of,
    quoted,
    taken,
    with_popup,
)

COMMAND = "/home/me/.local/bin/codingplan-bar"
FILES = configurations("tmux")
TEXTS = [path.read_bytes().decode() for path in FILES]
everyone = pytest.mark.parametrize("text", TEXTS, ids=[path.stem for path in FILES])


@everyone
def test_what_was_there_stays_to_the_byte_and_twice_is_once(text):
    written = changed(text, COMMAND)
    assert written.startswith(text)
    assert changed(written, COMMAND) == written
    assert taken(written) == text


@everyone
def test_our_lines_have_no_carriage_return_which_tmux_would_take_for_a_part_of_the_last_word(text):
    assert "\r" not in changed(text, COMMAND).removeprefix(text)


@everyone
def test_our_lines_are_commands_of_their_own(text):
    before, after = commands(text), commands(changed(text, COMMAND))
    assert after[: len(before)] == before
    assert [command[0] for command in after[len(before) :]] in (
        ["set-environment", "set-option", "if-shell", "if-shell"],
        ["set-option", "set-environment", "run-shell"],
    )


def test_placeholders_of_the_users_own_are_filled_instead_of_a_second_display():
    assert "codingplan.tmux" in changed("set -g status-left '#{codingplan_week}'\n", COMMAND)
    assert "-ag status-right" in changed("# set -g status-left '#{codingplan_week}'\n", COMMAND)


def test_our_lines_fit_a_screen_and_those_of_earlier_versions_become_so():
    written = changed("set -g mouse on\n", COMMAND)
    assert max(map(len, written.splitlines())) <= 80
    for earlier in forms(quoted(COMMAND), "")[2:]:
        old = f"set -g mouse on\n{BEGINS}\n{earlier}{ENDS}\n"
        assert old != written
        assert changed(old, COMMAND) == written
        assert taken(old) == "set -g mouse on\n"


@everyone
def test_a_popup_has_one_line_more_which_stays_with_the_rest_and_goes_with_it(text):
    without, written = changed(text, COMMAND), with_popup(text, COMMAND, "U")
    assert popup_of(without) == ""
    assert popup_of(written) == "U"
    assert [line for line in written.splitlines() if line not in without.splitlines()] == [
        "bind-key U display-popup -E -w 66 -h 20 '\"$CODINGPLAN_COMMAND\" status --watch'"
    ]
    assert changed(written, COMMAND) == written == with_popup(without, COMMAND, "U")
    assert popup_of(with_popup(written, COMMAND, "C-u")) == "C-u"
    assert with_popup(written, COMMAND, "") == without
    assert taken(written) == text
    moved = changed(written, "/elsewhere/bin/codingplan-bar")
    assert moved == with_popup(text, "/elsewhere/bin/codingplan-bar", "U")


@pytest.mark.parametrize(
    ("line", "keys"),
    [
        ("bind U display-message hello", {"U"}),
        ("bind-key -r -N 'a note' U next", {"U"}),
        ("bind -T prefix C-u next", {"C-u"}),
        ("bind '-' split-window", {"-"}),
        ("bind -n U next\nbind -T copy-mode-vi U send -X up\nunbind U", set()),
        ("# bind U next", set()),
    ],
)
def test_the_keys_that_have_a_meaning_behind_the_prefix_are_known(line, keys):
    assert bound(line + "\n") == keys


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [("bind U next\n", "U", "key bound"), ("", "U; kill-server", "no key"), ("", "';'", "no key")],
)
def test_a_key_of_the_users_own_is_never_taken_and_one_that_needs_quotes_is_refused(text, key, reason):
    with pytest.raises(LeftAlone) as refused:
        with_popup(text, COMMAND, key)
    assert refused.value.reason == reason


def test_a_line_like_ours_that_the_user_has_written_is_theirs():
    theirs = "bind-key U display-popup -E -w 66 -h 20 '\"$CODINGPLAN_COMMAND\" status --watch'\n"
    assert popup_of(theirs) == ""
    written = changed(theirs, COMMAND)
    assert written.startswith(theirs)
    assert taken(written) == theirs


def test_keys_of_the_users_own_for_our_command_are_no_reason_to_do_nothing():
    assert "-ag status-right" in changed("bind u run-shell -b 'codingplan-bar refresh'\n", COMMAND)


@pytest.mark.parametrize(
    "line",
    [
        "set -g status-format[0] '#W#[align=right]#{T:status-right}'",
        "set -g status-format[0] '#W #{codingplan}'",
        "set -g status-format[1] '#W'",
        "bind f show -g status-format",
    ],
)
def test_a_status_line_of_the_users_own_is_no_hindrance_where_it_has_a_place_for_us(line):
    assert changed(f"{line}\n", COMMAND)


@for_each(
    ("text", "reason"),
    [
        ("set -g status-right 'open\n", "not understood"),
        ('set -g @x "a\\"\n', "not understood"),
        ("bind x {\n", "not understood"),
        ("}\n", "not understood"),
        ("%if 1\nset -g mouse on\n", "not understood"),
        ("%endif\n", "not understood"),
        ("%if 1 set -g mouse on %endif\n", "not understood"),
        ("set -g status-right \\", "not understood"),
        ("set -g status-right \\\n", "not understood"),
        ("set -g status-right \\\r\n", "not understood"),
        ("\ufeffset -g mouse on\n", "not understood"),
        ("# >>> codingplan-bar >>>\n", "torn"),
        ("set -g status-right '#(codingplan-bar tmux --watch) | %H:%M'\n", "already there"),
        ("set -g status-right '#(\"/a b/codingplan-bar\" tmux)'\n", "already there"),
        ("run-shell ~/src/codingplan.tmux\n", "already there"),
        ("set -g @plugin 'somebody/codingplan-bar'\nrun '~/.tmux/plugins/tpm/tpm'\n", "already there"),
        ("set -g status-format[0] '#[align=centre]#W'\n", "no place"),
        ("set-option -g 'status-format[0]' \"#{W:#W}\"\n", "no place"),
        ("tmux_conf_theme_status_right='%R'\n", "oh my tmux"),
        ("run 'cut -c3- \"$TMUX_CONF\" | sh -s _apply_configuration'\n", "oh my tmux"),
    ],
)
def test_what_is_not_understood_for_certain_or_has_it_already_is_left_alone(text, reason):
    with pytest.raises(LeftAlone, match=reason):
        changed(text, COMMAND)


@pytest.mark.parametrize("path", ["/a b", "/it's", '/\'"q"\\', "/'$HOME", "/#{pid}%H;{", "/中文"])
def test_any_path_is_one_word_of_tmux(path):
    assert commands(f"x {quoted(path)}\n") == [["x", quoted(path)]]


LINES = st.text(st.sampled_from("ab='{}%\"#;\\ \t\r\n中"), max_size=30).map(lambda text: text + "\n")


@given(text=st.sampled_from(TEXTS), above=LINES, below=LINES)
def test_what_the_user_changes_outside_of_the_block_survives_the_undo(text, above, below):
    whole = below if text.endswith("\n") or not text else "\n" + below
    assert taken(above + changed(text, COMMAND) + whole) == above + text + whole


JOINED = re.compile(r"(?<!\\)((?:\\\\)*)\\\n")
"""A line goes on below where it ends in an odd number of backslashes: `yylex_getc` in tmux's cmd-parse.y."""


@example("'\\\\\n'")
@given(st.text(st.sampled_from("a'\"{}%if\\\n#; endlse"), max_size=40))
def test_reading_ends_with_words_or_a_refusal(text):
    try:
        words = [word for command in commands(text) for word in command]
    except Unfinished:
        return
    assert all(word in JOINED.sub(r"\1", text) for word in words)


PIECES = (
    """set -g @a b|'|"|{|}|#|#c|%if 1|%endif|%else|%elif 0|;|\\|\\;|x|'q'|"d"|#{x}|\\"|\\'|bind x |if -F 1 {\n|}\n"""
)
TOKENS = st.lists(st.sampled_from([*PIECES.split("|"), " ", "\t", "\n", "\n", "\\\n", "\r\n"]), max_size=9).map("".join)


class Server:
    """A tmux of its own, in a folder of its own (short: a socket's path holds 107 bytes)."""

    def __init__(self, folder):
        self.config, self.socket = Path(folder, "c"), f"{folder}/s"
        said = ("-P", "-F", "#{pid}")
        self.pid = int(self.run("-f", "/dev/null", "new-session", "-d", *said, "exec sleep 86400")[1])

    def run(self, *words):
        """The exit code and what was printed."""
        done = subprocess.run(["tmux", "-S", self.socket, *words], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    def understands(self, text):
        """Whether it can read the text; nothing of it is done."""
        self.config.write_bytes(text.encode())
        return self.run("source-file", "-n", str(self.config))[0] == 0

    def sets_ours(self, text):
        """Whether a line below the text is done."""
        self.run("set-option", "-gu", "@ours")
        ends = "" if text.endswith("\n") or not text else "\n"
        self.config.write_bytes(f"{text}{ends}# >>> ours >>>\nset-option -g @ours 1\n".encode())
        self.run("source-file", str(self.config))
        return self.run("show-option", "-gqv", "@ours")[1] == "1\n"


@pytest.fixture(scope="module")
def server():
    need("tmux")
    with tempfile.TemporaryDirectory(prefix="cpb-") as folder:
        made = Server(folder)
        yield made
        os.kill(made.pid, signal.SIGTERM)  # the last test of the file may be one that starts no program


@settings(max_examples=150)
@given(text=TOKENS)
@pytest.mark.usefixtures("programs")
def test_a_line_of_ours_below_what_is_let_through_is_read(server, text):
    try:
        commands(text)
    except Unfinished:
        return
    if server.understands(text):
        assert server.sets_ours(text)


@pytest.mark.usefixtures("programs")
def test_a_line_below_what_is_refused_may_be_lost(server):
    open_quote = "set -g @a 'b\n"
    assert server.understands(open_quote)
    assert not server.sets_ours(open_quote)
    with pytest.raises(Unfinished):
        commands(open_quote)


@pytest.fixture
def home(tmp_path):
    (tmp_path / ".config/tmux").mkdir(parents=True)
    return tmp_path


def test_with_none_there_it_is_the_one_that_every_tmux_reads(home):
    assert place(Machine({"HOME": str(home)})) == home / ".tmux.conf"


def test_of_several_it_is_the_last_that_is_read(home):
    (home / ".tmux.conf").touch()
    assert place(Machine({"HOME": str(home)})) == home / ".tmux.conf"
    (home / ".config/tmux/tmux.conf").touch()
    assert place(Machine({"HOME": str(home)})) == home / ".config/tmux/tmux.conf"


def test_xdg_has_a_say(home):
    settings = home / "elsewhere"
    (settings / "tmux").mkdir(parents=True)
    (settings / "tmux/tmux.conf").touch()
    assert place(Machine({"HOME": str(home), "XDG_CONFIG_HOME": str(settings)})) == settings / "tmux/tmux.conf"


def test_a_running_tmux_knows_best_but_the_machines_own_file_is_not_the_users(home):
    (home / ".tmux.conf").touch()
    (home / "other.conf").touch()
    read = f"/etc/tmux.conf,{home}/gone.conf,{home}/other.conf\n"
    assert place(Machine({"HOME": str(home)}, lambda command: read)) == home / "other.conf"
    assert place(Machine({"HOME": str(home)}, lambda command: "/etc/passwd\n")) == home / ".tmux.conf"


def test_of_a_packages_file_that_reads_one_of_the_users_that_one_is_the_users(home, monkeypatch):
    of_package = home / "usr/share/byobu/tmuxrc"
    theirs = home / "chosen/.tmux.conf"
    for path in (of_package, theirs, home / ".tmux.conf"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("source -q $BYOBU_CONFIG_DIR/.tmux.conf\n" if path == of_package else "")
    monkeypatch.setattr(tmux, "_is_of_a_package", lambda path: path == of_package)
    environ = {"HOME": str(home), "BYOBU_CONFIG_DIR": str(theirs.parent)}
    assert tmux.place(Machine(environ, printed_by=lambda _: f"{of_package}\n")) == theirs
    both = Machine(environ, printed_by=lambda _: f"{of_package},{home / '.tmux.conf'}\n")
    assert tmux.place(both) == home / ".tmux.conf"


BY_HAND = 'set -g status-right "#(codingplan-bar tmux --watch)"\n'


@pytest.mark.parametrize(
    ("main", "name", "text", "reason"),
    [
        ("source-file ~/.tmux/status.conf\n", ".tmux/status.conf", BY_HAND, ""),
        ("source -q $HOME/.tmux/*.conf\n", ".tmux/status.conf", BY_HAND, ""),
        ("source-file ~/.tmux/a.conf\n", ".tmux/a.conf", f"# {BY_HAND}", "absent"),
        ("source-file ~/.tmux/a.conf\n", ".tmux/a.conf", "set -g @plugin 'x/codingplan-bar'\n", ""),
        ("set -g mouse on\n", ".tmux/status.conf", BY_HAND, "absent"),
        (
            "run 'sh -s _apply_configuration'\n",
            ".tmux.conf.local",
            "tmux_conf_theme_status_right='#(codingplan-bar tmux)'",
            "",
        ),
        ("run 'sh -s _apply_configuration'\n", ".tmux.conf.local", "#a='#(codingplan-bar tmux)'\n", "absent"),
        ("set -g mouse on\n", ".tmux.conf.local", "a='#(codingplan-bar tmux)'\n", "absent"),
    ],
)
def test_what_stands_by_hand_in_a_file_that_tmux_reads_besides_is_shown(home, main, name, text, reason):
    for file, content in ((".tmux.conf", main), (name, text)):
        (home / file).parent.mkdir(exist_ok=True)
        (home / file).write_text(content)
    assert tmux.unseen(main, home / ".tmux.conf", Machine({"HOME": str(home)})) == reason


def test_our_lines_without_their_marks_are_the_users_and_shown(home):
    marked = tmux.changed("set -g mouse on\n", COMMAND)
    text = "".join(line for line in marked.splitlines(keepends=True) if not line.startswith(("# >>>", "# <<<")))
    assert text != marked
    assert tmux.unseen(text, home / ".tmux.conf", Machine({"HOME": str(home)})) == ""
    with pytest.raises(LeftAlone, match="already there"):
        tmux.changed(text, COMMAND)


def test_placeholders_of_a_file_that_is_read_besides_are_named_with_that_file(home, programs):
    part, main = home / ".tmux/status.conf", home / ".tmux.conf"
    part.parent.mkdir()
    part.write_text("set -g status-right '#{codingplan} %H'\n")
    main.write_text("source-file ~/.tmux/status.conf\n")
    environ = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    machine = Machine(environ, tried=lambda files, text: tmux_trial.tried(files, text, environ))
    with pytest.raises(LeftAlone, match="placeholders in") as told:
        tmux.unseen(tmux.changed(main.read_text(), COMMAND), main, machine)
    assert told.value.about == (str(part),)
    filled = tmux.changed(part.read_text(), COMMAND)  # what the step that is told writes
    assert tmux.unseen(filled, part, machine) == ""
    part.write_text(filled)
    assert tmux.unseen(main.read_text(), main, machine) == ""
