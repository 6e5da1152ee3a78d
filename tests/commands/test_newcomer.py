"""In an empty home each command says what is known, no cause twice; and what it tells to type can be typed."""

from __future__ import annotations

import errno
import io
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from unittest.mock import Mock

import pytest
from support.rows import for_each

from codingplan_bar.bars import BARS
from codingplan_bar.bars.phrases import width
from codingplan_bar.commands import demo, login, output, refresh, terminal
from codingplan_bar.commands.command_table import COMMANDS
from codingplan_bar.commands.doctor import report
from codingplan_bar.commands.login import new_sign_in
from codingplan_bar.commands.login.by_browser import Voice
from codingplan_bar.commands.login.new_sign_in import Proof
from codingplan_bar.commands.privacy import PrivacyOf
from codingplan_bar.configure.machine import Machine
from codingplan_bar.dispatch import run
from codingplan_bar.errors import InvalidCredentials, LoginRequired, NotAuthorised
from codingplan_bar.paths import NOWHERE
from codingplan_bar.refresh.schedule import Waiting
from codingplan_bar.refresh.store import Files
from codingplan_bar.regions import REGIONS
from codingplan_bar.words import table
from codingplan_bar.words.en.doctor import DOCTOR
from codingplan_bar.words.en.settings import PRIVACY


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty one, without a program but our own."""
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "LANGUAGE", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def said(capfd, *arguments):
    code = run([*arguments])
    out, err = capfd.readouterr()
    return code, out + err


def test_a_refresh_after_a_look_without_a_sign_in_says_that_and_how_to_sign_in(home, capfd, programs):
    said(capfd, "fetch")
    code, told = said(capfd, "refresh")
    assert code == 1
    assert re.search(r"no sign-in was found a moment ago\. The next look is possible in [1-5] s\.", told)
    assert "codingplan-bar login" in told


@pytest.mark.parametrize(
    ("waiting", "told"),
    [
        (Waiting(asked_at=97.5), "the last request was a moment ago. The next one by hand is possible in 3 s."),
        (
            Waiting(asked_at=90, until=160, told=True, code="rate_limited"),
            "asked for a pause. The next request is possible in 60 s.",
        ),
        (
            Waiting(asked_at=99, until=3700, code="source_gone"),
            "no sign-in was found a moment ago. The next look is possible in 4 s.",
        ),
    ],
)
def test_why_a_refresh_is_held_back_and_until_when(waiting, told):
    assert told in refresh._held_back(waiting, 100)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "HOME is '/nope', which is not a folder"), ("zh", "HOME 是 '/nope'")]
)
def test_a_home_that_is_not_there_is_said_once_and_without_a_place_that_is_nobodys(capfd, monkeypatch, language, said):
    monkeypatch.setenv("CODINGPLAN_BAR_LANGUAGE", language)
    monkeypatch.setenv("HOME", "/nope")
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.isatty", lambda number: number == 2)
    assert run(["refresh"]) == 1
    told = capfd.readouterr().err.replace("\n", " ")
    assert said in told
    assert ("/dev/null" in told, told.count("codingplan-bar:")) == (False, 1)


VERBS = """\
config
config path
config set theme dark
config unset theme
config edit
config get theme
theme dark
setup
setup tmux
setup tmux --write
setup tmux --undo
uninstall
login --no-browser
logout
logout --all
preferences
refresh
status
guard
history
privacy
"""
SAY_NO_FILE = ("config get", "history", "privacy")
"""Those that need none."""


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("home", [None, "", "/nonexistent", "/dev/null"])
@for_each("line", VERBS.splitlines())
def test_without_a_home_no_verb_names_a_file_there_and_each_that_needs_one_says_so(
    capfd, monkeypatch, home, language, line
):
    """A user of whom the system knows no home either has no variable, perhaps: a container's, say."""
    monkeypatch.setenv("CODINGPLAN_BAR_LANGUAGE", language)
    monkeypatch.setenv("HOME", home) if home is not None else monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    monkeypatch.setattr("pathlib.Path.home", Mock(side_effect=RuntimeError))
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    code = run(line.split())
    said = " ".join("".join(capfd.readouterr()).split())
    assert NOWHERE not in said.replace(f"'{home}'", "")
    assert "RuntimeError" not in said
    is_told = "HOME" in said and {"en": "home folder", "zh": "主目录"}[language] in said
    assert is_told != line.startswith(SAY_NO_FILE)
    assert code or not is_told or line == "config"


@pytest.mark.parametrize("command", ["logout", "guard"])
@pytest.mark.parametrize(("language", "step"), [("en", "Set HOME to your"), ("zh", "请将 HOME 设为")])
def test_where_home_is_no_folder_the_step_is_to_name_one(capfd, monkeypatch, command, language, step):
    monkeypatch.setenv("CODINGPLAN_BAR_LANGUAGE", language)
    monkeypatch.setenv("HOME", "/nope")
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    assert run([command]) != 0
    assert step in capfd.readouterr().err


@pytest.mark.parametrize(
    "number", sorted({errno.EADDRINUSE, errno.EACCES, errno.ENOSPC, errno.EPIPE, errno.ENAMETOOLONG})
)
def test_a_reason_of_the_systems_is_told_in_chinese(number):
    chinese = {"CODINGPLAN_BAR_LANGUAGE": "zh", "HOME": "/nope"}
    assert re.fullmatch("[\u3400-\u9fff]+", output.why(OSError(number, "x"), chinese))
    assert output.why(OSError(errno.EXDEV + 1000, "x"), chinese) == f"errno {errno.EXDEV + 1000}"
    assert output.why(OSError(number, "x"), {"HOME": "/nope"}) == os.strerror(number)


def test_a_refresh_that_a_wrong_setting_keeps_from_asking_names_it(home, capfd, monkeypatch):
    monkeypatch.setenv("CODINGPLAN_BAR_SOURCE", "wbe")
    code, told = said(capfd, "refresh")
    assert (code, "CODINGPLAN_BAR_SOURCE" in told, "Did you mean web?" in told) == (1, True, True)
    assert said(capfd, "refresh", "--click") == (0, "")


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_refresh_that_brings_nothing_says_why_at_a_terminal(home, capfd, monkeypatch, programs, is_terminal):
    monkeypatch.setattr("os.isatty", lambda stream: is_terminal and stream == 2)
    code, told = said(capfd, "refresh")
    assert (code, "Run `codingplan-bar login`" in " ".join(told.split()), bool(told)) == (1, is_terminal, is_terminal)


@pytest.mark.parametrize(
    ("language", "glosses"), [("en", ("alibabacloud.com", "aliyun.com")), ("zh", ("国际站", "中国站"))]
)
def test_whoever_is_asked_for_the_site_is_told_which_is_which(capfd, monkeypatch, home, language, glosses):
    monkeypatch.setenv("CODINGPLAN_BAR_LANGUAGE", language)
    words = table(language, "commands", "LOGIN")
    texts = [words[key] for key in ("which site?", "no site")]
    run(["login", "--help"])
    for text in (*texts, re.sub(r"\n +", "", capfd.readouterr().out)):
        assert all(gloss in text for gloss in glosses)


CAUSES = {
    "no session": {},
    "a bad setting": {"CODINGPLAN_BAR_SOURCE": "wbe"},
    "a bad Cookie header": {"CODINGPLAN_BAR_COOKIE_SOURCE": "manual", "CODINGPLAN_BAR_COOKIE_HEADER": "curl http"},
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("command", ["status", "status --plan coding", "doctor --offline"])
@pytest.mark.usefixtures("programs")
def test_a_cause_is_said_once(home, capfd, monkeypatch, cause, language, command):
    for name, value in (CAUSES[cause] | {"CODINGPLAN_BAR_LANGUAGE": language}).items():
        monkeypatch.setenv(name, value)
    said(capfd, "status")
    _, told = said(capfd, *command.split())
    lines = re.split(r"[\n。]|\. |\.$", re.sub(r"\n {4,}", " ", told))
    sentences = [re.sub(r"^.*?(?:：| – |: |  )", "", line).strip() for line in lines]
    long = Counter(sentence for sentence in sentences if len(sentence.encode()) > 25)
    assert {sentence: count for sentence, count in long.items() if count > 1} == {}


def test_guard_says_what_is_wrong_and_what_to_do(home, capfd, programs):
    code, told = said(capfd, "guard")
    assert code == 69
    assert "not known: No signed-in console session was found. Run `codingplan-bar login`" in told


@pytest.mark.parametrize("language", ["en", "zh"])
def test_theme_says_that_its_numbers_are_made_up(home, capfd, monkeypatch, language, programs):
    monkeypatch.setenv("CODINGPLAN_BAR_LANGUAGE", language)
    assert ("made up" if language == "en" else "虚构") in said(capfd, "theme")[1].splitlines()[0]


def test_privacy_has_words_of_its_own_for_each_kind_of_file(home):
    files = Files({"HOME": str(home)})
    names = ["snapshot-token.json", "bar-00.txt", "bar.txt.asked", "window.lock", "ends.json.unreadable", "history.db"]
    places = [files.folder / name for name in names]
    places += [files.failure, files.waiting, files.alerts, files.session, files.session_alerts, files.ends, files.held]
    places += [files.plans, files.rhythm, files.account_key, files.lock, files.session.parent / "looks.json"]
    for place in places:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("")
    told = {what.rpartition("/")[2]: why for what, why in PrivacyOf({"HOME": str(home)}).kept()}
    assert {place.name for place in places} == set(told)
    assert [name for name, why in told.items() if why == PRIVACY["file"]] == []
    assert (told["window.lock"], told["refresh.lock"]) == (PRIVACY["file.lock"], PRIVACY["file.lock"])
    assert told["bar.txt.asked"] == PRIVACY["file.asked"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, EOFError])
@pytest.mark.parametrize("question", ["line", "secret"])
def test_a_question_that_is_broken_off_ends_its_line(capfd, monkeypatch, question, stop):
    def broken_off(*_, **__):
        raise stop

    monkeypatch.setattr("os.isatty", lambda _: True)
    monkeypatch.setattr("sys.stdin", type("Stdin", (), {"readline": broken_off})())
    monkeypatch.setattr(terminal.getpass, "getpass", broken_off)
    with pytest.raises(stop):
        getattr(terminal.terminal(), question)("AccessKey id: ")
    assert capfd.readouterr().err.endswith("\n")


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (["2", "d", "nope"], "--site must be"),
        (["2", "domestic"], "Nothing was typed"),
        ([""], "Nothing was typed"),
    ],
)
def test_the_site_is_asked_for_again_up_to_three_times(home, capfd, monkeypatch, programs, answers, why):
    asked = []

    def line(text):
        asked.append(text)
        return [*answers, "", "", ""][len(asked) - 1]

    monkeypatch.setattr(login, "terminal", lambda: terminal.Terminal(line, pytest.fail))
    code, told = said(capfd, "login", "--with-access-key")
    assert (code, why in told) == (2, True)
    questions = [text for text in asked if "international" in text]
    assert len(questions) == len(answers)
    assert all(len(row) <= 80 for row in questions[0].split("\n"))
    assert all(f"  {word}: " in questions[0] for word in REGIONS)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_end_of_the_input_answers_no_question_and_the_option_is_named(home, monkeypatch, capfd, language):
    """Ctrl-D at the site is no choice of a site; it ends with 130, as Ctrl-C does."""
    monkeypatch.setattr("os.isatty", lambda _: True)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    monkeypatch.setenv("CODINGPLAN_BAR_LANGUAGE", language)
    assert run(["login", "--with-access-key"]) == 130
    assert "--site cn" in capfd.readouterr().err
    assert run(["login", "--with-access-key", "--site", "cn"]) == 130
    assert "--profile NAME" in capfd.readouterr().err


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("ways", [(), ("--with-access-key", "--keep"), ("--browser",)])
def test_whoever_gives_no_site_is_told_the_whole_command(home, capfd, monkeypatch, ways, language):
    monkeypatch.setenv("CODINGPLAN_BAR_LANGUAGE", language)
    command = " ".join(["codingplan-bar login", *ways, "--site"])
    _, told = said(capfd, "login", *ways)
    told = " ".join(told.split())
    assert f"{command} intl" in told
    assert f"{command} cn" in told


@pytest.mark.parametrize(("language", "why"), [("en", "neither site"), ("zh", "没有这个站点")])
def test_an_answer_that_is_no_site_is_told_why_before_the_question_comes_again(home, capfd, monkeypatch, language, why):
    answers = iter(["foo\n", "1\n", ""])
    monkeypatch.setenv("CODINGPLAN_BAR_LANGUAGE", language)
    monkeypatch.setattr("os.isatty", lambda _: True)
    monkeypatch.setattr("sys.stdin", type("Stdin", (), {"readline": lambda _: next(answers)})())
    code, told = said(capfd, "login", "--with-access-key")
    assert (code, told.count(why)) == (130, 2)
    assert "codingplan-bar login --with-access-key --site intl" in " ".join(told.split())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_any_browser_the_wait_for_one_does_not_begin_and_other_ways_are_named(
    home, capfd, monkeypatch, language
):
    monkeypatch.setenv("CODINGPLAN_BAR_LANGUAGE", language)
    monkeypatch.setattr(login, "open_page", lambda *_: False)
    monkeypatch.setattr(new_sign_in.BrowserSession, "appears", lambda _: pytest.fail("it waits"))
    code, told = said(capfd, "login", "--browser", "--site", "intl")
    assert code == 1
    assert "login --site intl --with-access-key" in " ".join(told.split())


WITHOUT_A_SIGN_IN = [
    ("--token-stdin",),
    ("--browser",),
    ("--with-access-key",),
    ("--with-access-key", "--profile", "bl:x"),
]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("way", WITHOUT_A_SIGN_IN, ids=" ".join)
@pytest.mark.parametrize("site", ["cn", "domestic", ""])
def test_a_login_that_login_names_keeps_the_site_that_was_typed_and_has_none_where_none_was(
    home, capfd, monkeypatch, way, language, site
):
    monkeypatch.setenv("CODINGPLAN_BAR_LANGUAGE", language)
    monkeypatch.setattr(login, "open_page", lambda *_: False)
    monkeypatch.setattr("os.isatty", lambda number: number == 0)
    if not site:
        monkeypatch.setenv("CODINGPLAN_BAR_REGION", "cn")
    code, told = said(capfd, "login", *way, *(("--site", site) if site else ()))
    named = re.findall(r"codingplan-bar login( --site \w+)?", " ".join(told.split()))
    assert (code != 0, set(named)) == (True, {f" --site {site}" if site else ""})


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_sentence_of_login_keeps_the_site_and_a_step_to_another_site_names_that_one(capfd, language):
    texts = [*table(language, "commands", "LOGIN").values(), *table(language, "errors", "ERRORS").values()]
    naming = [text for text in texts if "codingplan-bar login" in text]
    voice = Voice({}, language, site="cn")
    for text in naming:
        voice.line(text.replace("{site}", "intl"))
    sites = re.findall(r"codingplan-bar login(?: --site (\w+))?", capfd.readouterr().err)
    assert set(sites) == {"cn", "intl"}
    assert sites.count("intl") == sum("login --site {site}" in text for text in naming)


NOTHING = ("Nothing was typed", "没有输入任何内容")
UNFIT = ("An AccessKey id has letters and digits alone", "输入有误")
MISTYPED = {
    ("\n",): NOTHING,
    ("LTAI中文\n",): UNFIT,
    ("LTAI zwei\n",): UNFIT,
    ("LTAImadeup\n", ""): NOTHING,
    ("LTAImadeup\n", "geheim ß"): UNFIT,
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("typed", MISTYPED, ids=repr)
def test_what_cannot_be_a_pair_is_told_by_what_is_wrong_with_it_asked_for_thrice_and_not_repeated(
    home, capfd, monkeypatch, typed, language
):
    answers = iter([*typed, *typed[-1:] * 2])
    monkeypatch.setenv("CODINGPLAN_BAR_LANGUAGE", language)
    monkeypatch.setattr(login, "terminal", lambda: terminal.Terminal(*[lambda _: next(answers)] * 2))
    code, told = said(capfd, "login", "--site", "cn", "--with-access-key")
    assert (code, told.count(MISTYPED[typed][language == "zh"]), list(answers)) == (2, 3, [])
    assert not any(word in told for answer in typed for word in answer.split())


class Typing:
    """A terminal in which these answers are typed."""

    def __init__(self, *answers):
        self.left = list(answers)
        self.terminal = terminal.Terminal(*[lambda _: self.left.pop(0)] * 2)


REFUSED = InvalidCredentials("mint.no_key")


@pytest.mark.parametrize(
    ("typed", "proofs", "code"),
    [
        (["LTAIß", "ＬＴＡＩ１", "geheim"], [Proof("accepted")], 0),
        (["LTAI2", "geheim", "LTAI1", "geheim"], [Proof("refused", REFUSED), Proof("accepted")], 0),
        (["LTAI2", "geheim"] * 3, [Proof("refused", REFUSED)] * 3, 1),
        (["LTAI2", "geheim"], [Proof("refused", LoginRequired("sign_in.new_refused", site="cn"))], 1),
        (["LTAI1", "geheim"], [Proof("kept", NotAuthorised("mint.policy"))], 1),
    ],
)
def test_a_typed_pair_is_asked_for_again_while_it_is_that_which_is_wrong(home, monkeypatch, typed, proofs, code):
    person, tried, answers = Typing(*typed), [], list(proofs)
    monkeypatch.setattr(login, "terminal", lambda: person.terminal)
    monkeypatch.setattr(login.Login, "_proof", lambda _, sign_in: (tried.append(sign_in.pair.id), answers.pop(0))[1])
    assert run(["login", "--site", "cn", "--with-access-key"]) == code
    assert (person.left, answers) == ([], [])
    assert "LTAI2" in tried or tried == ["LTAI1"]


def test_no_words_say_that_keep_asks_nothing():
    assert not any("--keep" in table(language, "commands", "LOGIN")["no answer"] for language in ("en", "zh"))


@pytest.mark.parametrize(("is_there", "said_of_it"), [(True, "PATH"), (False, "there is no program alarm here")])
def test_doctor_says_whether_the_program_of_an_alert_is_missing_or_only_without_its_path(
    home, capfd, monkeypatch, programs, is_there, said_of_it
):
    monkeypatch.setenv("CODINGPLAN_BAR_ON_THRESHOLD", "alarm")
    if is_there:
        (home / "alarm").write_text("#!/bin/sh\n")
        (home / "alarm").chmod(0o755)
    told = " ".join(said(capfd, "doctor", "--offline")[1].split())
    assert f"on_threshold: {'alarm is on this shell' if is_there else said_of_it}" in told
    assert ("Write the full path, ~/alarm," in told) is is_there
    assert ("Install alarm" in told) is not is_there


@pytest.mark.parametrize(("language", "truth"), [("en", "in this process"), ("zh", "在本进程内应答")])
def test_the_help_of_the_demo_says_what_the_demo_says(home, capfd, monkeypatch, language, truth):
    monkeypatch.setenv("CODINGPLAN_BAR_LANGUAGE", language)
    assert truth in said(capfd, "demo", "--help")[1]
    assert truth in table(language, "commands", "DEMO")["title"]


@pytest.mark.parametrize(("language", "rule"), [("en", "ends with 1 where"), ("zh", "有 ✗ 的行时退出码为 1")])
def test_the_help_of_doctor_says_what_its_exit_code_means(home, capfd, monkeypatch, language, rule):
    monkeypatch.setenv("CODINGPLAN_BAR_LANGUAGE", language)
    assert rule in " ".join(said(capfd, "doctor", "--help")[1].split())


# A command that is named can be typed as it stands: the program is called as its user has called it.


ROOT = Path(output.__file__).parents[1]


@pytest.fixture
def started(monkeypatch, tmp_path):
    """Start it as with these words; the PATH has a folder with the program in it, or an empty one."""

    def start(*words, argv0="", on_path=False):
        program = tmp_path / "bin/codingplan-bar"
        program.parent.mkdir(exist_ok=True)
        program.write_text("")
        program.chmod(0o755)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("PATH", str(program.parent if on_path else tmp_path / "empty"))
        monkeypatch.setattr(sys, "orig_argv", list(words))
        monkeypatch.setattr(sys, "argv", [argv0 or words[1], "status"])

    return start


def test_a_module_is_called_with_the_python_that_was_typed(started):
    door = str(ROOT / "__main__.py")
    started(".venv/bin/python", "-m", "codingplan_bar", "status", argv0=door, on_path=True)
    assert output.called() == ".venv/bin/python -m codingplan_bar"
    started("/a place/python", "-I", "-m", "codingplan_bar", "status", argv0=door)
    assert output.called() == "'/a place/python' -I -m codingplan_bar"


def test_a_script_is_called_by_the_path_that_was_typed_unless_the_path_variable_leads_to_it(started):
    started("python", "bin/codingplan-bar", "status")
    assert output.called() == "bin/codingplan-bar"
    started("python", "bin/codingplan-bar", "status", on_path=True)
    assert output.called() == "codingplan-bar"


def test_what_is_started_in_another_way_has_its_bare_name(started):
    started("python", "/usr/bin/pytest", "status")
    assert output.called() == "codingplan-bar"


def test_a_folder_that_uv_has_put_in_front_of_the_path_is_not_the_shells(started, monkeypatch):
    started("python", "bin/codingplan-bar", "status", on_path=True)
    monkeypatch.setenv("UV", "/usr/bin/uv")
    assert output.called() == "bin/codingplan-bar"
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}:{os.environ['PATH']}")
    assert output.called() == "codingplan-bar"


def test_a_python_that_uv_alone_has_found_is_called_by_its_path(started, monkeypatch):
    started("python", "-m", "codingplan_bar", "status", argv0=str(ROOT / "__main__.py"))
    assert output.called() == "python -m codingplan_bar"
    monkeypatch.setenv("UV", "/usr/bin/uv")
    assert output.called() == f"{sys.executable} -m codingplan_bar"


def test_the_path_variable_is_looked_along_once_a_process(started, monkeypatch):
    started("python", "bin/codingplan-bar", "status", on_path=True)
    looked = []
    monkeypatch.setattr("shutil.which", lambda name, path=None: looked.append(path))
    output._is_found.cache_clear()
    for _ in range(3):
        output.wrapped("Run `codingplan-bar status`.", 80)
    output._is_found.cache_clear()
    assert len(looked) == 1


def test_each_command_in_a_sentence_is_written_as_it_is_typed(started):
    started("python", "bin/codingplan-bar", "status")
    for name in (*(each.name for each in COMMANDS), *BARS, "BAR", "--help"):
        assert output.typed(f"See: codingplan-bar {name}") == f"See: bin/codingplan-bar {name}"
        assert output.wrapped(f"Run `codingplan-bar {name}`.", 80) == [f"Run `bin/codingplan-bar {name}`."]


@pytest.mark.parametrize(
    "text",
    [
        "codingplan-bar cannot be run.",
        "Install codingplan-bar again.",
        "/opt/codingplan-bar status",
        "my-codingplan-bar status",
    ],
)
def test_the_program_itself_and_another_path_are_left_alone(started, text):
    started("python", "bin/codingplan-bar", "status")
    assert output.typed(text) == text


CALLS = (
    "demo",
    "demo tmux",
    "status",
    "staus",
    "status --help",
    "config",
    "config set --x",
    "logout x",
    "guard --nope",
)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_command_names_one_that_cannot_be_typed(started, capfd, monkeypatch, call, language):
    started("python", "bin/codingplan-bar")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(Path.cwd()))
    monkeypatch.setenv("CODINGPLAN_BAR_LANGUAGE", language)
    monkeypatch.setenv("CODINGPLAN_BAR_SOURCE", "token")
    run(call.split())
    out, err = capfd.readouterr()
    assert "bin/codingplan-bar " in out + err
    assert [line for line in (out + err).splitlines() if output.typed(line) != line] == []


@pytest.mark.parametrize(
    "step", ["Sign in again: codingplan-bar login --site cn", "Run `codingplan-bar login --site cn` now."]
)
def test_doctor_ends_with_a_command_that_can_be_typed(started, step):
    started("python", "bin/codingplan-bar")
    lines = report.drawn([report.Line("sign-in", "bad", "it has ended", step)], DOCTOR, 80, colorful=False)
    assert lines[-1] == "    bin/codingplan-bar login --site cn"


def test_the_demo_ends_with_commands_that_can_be_typed(programs, tmp_path):
    python = os.path.relpath(sys.executable, tmp_path)
    environ = {"HOME": str(tmp_path), "PATH": str(tmp_path)}
    done = subprocess.run(
        [python, "-m", "codingplan_bar", "demo"], check=False, cwd=tmp_path, env=environ, capture_output=True, text=True
    )
    named = [line.split("  ")[1] for line in done.stdout.splitlines() if line.startswith(f"  {python} ")]
    assert [command.removeprefix(f"{python} -m codingplan_bar ") for command in named] == [
        "demo waybar",
        "status",
        "--help",
    ]


@pytest.mark.parametrize(
    ("running", "installed", "named"),
    [("polybar", "waybar", "polybar"), ("", "tmux", "tmux"), ("", "", "waybar"), ("i3status-rs", "", "i3status-rust")],
)
def test_the_demo_names_the_bar_that_runs_or_is_installed(monkeypatch, running, installed, named):
    machine = Machine({}, running=[[f"/usr/bin/{running}", "-c"], []])
    monkeypatch.setattr(demo, "this_machine", lambda _: machine)
    monkeypatch.setattr(demo.shutil, "which", lambda program: program == installed)
    assert demo.bar_here({}) == named


def test_steps_stand_below_their_commands_where_the_page_is_narrow():
    steps = {"codingplan-bar demo waybar": "a few words about it", "codingplan-bar status": "more"}
    assert [*demo.listed(steps, 60)] == [
        "  codingplan-bar demo waybar  a few words about it",
        "  codingplan-bar status       more",
    ]
    assert [*demo.listed(steps, 40)] == [
        "  codingplan-bar demo waybar",
        "      a few words about it",
        "  codingplan-bar status",
        "      more",
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("columns", [40, 60])
def test_the_demo_fits_a_narrow_terminal_but_for_what_is_typed(home, monkeypatch, columns, language):
    monkeypatch.setenv("CODINGPLAN_BAR_LANGUAGE", language)
    monkeypatch.setattr(output, "columns", lambda _=1: columns)
    lines = [line for scene in demo.scenes(None, os.environ) for line in scene.splitlines()]
    assert len(lines) > 30
    assert [line for line in lines if width(line) > columns and not re.search("codingplan-bar |https://", line)] == []
