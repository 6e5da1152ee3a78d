"""How the command line is read: help for whoever looks around, one line with the fix for whoever errs; and numbers."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sysconfig

import pytest
from support.rows import for_each

from codingplan_bar import __version__, cli, commands, themes
from codingplan_bar.bars import BARS
from codingplan_bar.bars.phrases import width
from codingplan_bar.cli import main
from codingplan_bar.commands import plain_call
from codingplan_bar.commands.command_table import COMMANDS, GROUPS
from codingplan_bar.dispatch import run
from codingplan_bar.settings import settings
from codingplan_bar.settings.templates import PRESETS
from codingplan_bar.words import filled
from codingplan_bar.words.zh.help import METAVARS


@pytest.mark.parametrize("arguments", [[], ["-h"], ["--help"]])
def test_help_is_for_whoever_looks_around(capfd, arguments):
    assert run(arguments) == 0
    out, err = capfd.readouterr()
    assert not err
    assert all(f"  {command} " in out for command in ["demo", "fetch", "open", "refresh", "status"])
    assert all(bar in out for bar in BARS)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_help_names_each_command_once_below_what_people_want(capfd, monkeypatch, language):
    monkeypatch.setenv("CODINGPLAN_BAR_LANGUAGE", language)
    run(["-h"])
    out = capfd.readouterr().out
    titles = [titles[language == "zh"] for titles in GROUPS.values()]
    assert [line[:-1] for line in out.splitlines() if line[:-1] in titles] == titles
    named = re.findall(r"^  ([a-z]+)  +\S", out, re.MULTILINE)
    assert sorted(named) == sorted(command.name for command in COMMANDS if not command.hidden)


@for_each("language", ["en", "zh"])
@for_each("command", ["", *sorted(main.commands)])
def test_help_stays_within_the_columns_of_the_terminal(capfd, monkeypatch, command, language):
    monkeypatch.setenv("CODINGPLAN_BAR_LANGUAGE", language)
    for columns in (60, 80, 100):
        monkeypatch.setenv("COLUMNS", str(columns))
        run([*filter(None, [command]), "--help"])
        assert max(map(width, capfd.readouterr().out.splitlines())) <= columns


def test_what_a_command_is_for_has_a_group():
    assert {command.name for command in COMMANDS if not command.hidden and command.group not in GROUPS} == set()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_that_no_installer_tells_gets_the_script_that_is_shipped(capfd, shell):
    assert run(["completion", shell]) == 0
    out, err = capfd.readouterr()
    assert not err
    assert f"_CODINGPLAN_BAR_COMPLETE={shell}_complete" in out


def test_the_manual_as_plain_text_has_each_command_and_no_request_of_roff(capfd):
    assert run(["manual"]) == 0
    out = capfd.readouterr().out
    assert all(re.search(rf"^  {command.name}\b", out, re.MULTILINE) for command in COMMANDS if not command.hidden)
    assert "\n  codingplan-bar COMMAND [OPTIONS]\n  codingplan-bar BAR [--watch] [--plan PLAN]\n" in out
    assert [line for line in out.splitlines() if len(line) > 80] == []
    assert not re.search(r"^\.[A-Z]|\\[-&e]", out, re.MULTILINE)


@for_each("command", sorted(main.commands))
def test_every_command_has_help_of_its_own(capfd, command):
    assert run([command, "-h"]) == 0
    assert f"Usage: codingplan-bar {command}" in capfd.readouterr().out


CHOSEN = [(row, each) for row in COMMANDS if not row.hidden for each in row.arguments if each.choices]


@pytest.mark.parametrize(("language", "said"), [("en", "{} is one of:\n"), ("zh", "{} 可以是：\n")])
@pytest.mark.parametrize(("row", "argument"), CHOSEN, ids=[row.name for row, _ in CHOSEN])
def test_help_says_which_words_an_argument_may_be(capfd, monkeypatch, row, argument, language, said):
    monkeypatch.setenv("CODINGPLAN_BAR_LANGUAGE", language)
    run([row.name, "--help"])
    out = capfd.readouterr().out
    name = argument.name.upper()
    heading = filled(said, METAVARS[name] if language == "zh" else name)
    options, choices = out.partition("[")[2], out.partition(heading)[2].partition("\n\n")[0]
    assert re.findall(r"[\w-]+", choices) == list(argument.choices)
    assert not re.search(r"^ +\[?[A-Z]+\]?$", options, re.MULTILINE)
    assert max(map(width, choices.splitlines())) <= 80


def test_every_name_of_a_bar_is_a_command():
    assert set(BARS) < set(main.commands)


def test_the_version_is_that_of_the_package(capfd):
    assert run(["--version"]) == 0
    assert capfd.readouterr().out == f"codingplan-bar {__version__}\n"


@for_each(
    ("arguments", "fix"),
    [
        (["fecth"], "Did you mean fetch? See: codingplan-bar --help"),
        (["--nope"], "See: codingplan-bar --help"),
        (["fetch", "--regoin=cn"], "--region"),
        (["fetch", "--region", "us"], "--region must be intl (international) or cn (China mainland). See: "),
        (["fetch", "--region", "china"], "(China mainland). Did you mean cn? See: codingplan-bar fetch --help"),
        (["fetch", "--source", "browser"], ": --source must be one of auto, web, token, cli, api. See: "),
        (["fetch", "--source", "wbe"], "Did you mean web? --source must be one of auto, web, token, cli, api. See: "),
        (["setup", "--click", "pge"], "Did you mean page? --click must be one of console, page. See: "),
        (["fetch", "--region"], "needs a value. Choose from: intl, cn. See: codingplan-bar fetch --help"),
        (["guard", "--window"], "Choose from: five_hour, weekly, monthly."),
        (["login", "--port"], "--port needs a value. See: codingplan-bar login --help"),
        (["completion"], "SHELL is missing. Choose from: bash, zsh, fish."),
        (["fetch", "now"], "Too many words: now. See: codingplan-bar fetch --help"),
        (["demo", "wayber"], "There is no bar wayber. Did you mean waybar?"),
        (["demo", "Text"], "There is no bar Text. Did you mean text?"),
        (["setup", "Waybar"], "There is no bar Waybar. Did you mean waybar?"),
        (["TMUX"], "There is no command TMUX. Did you mean tmux?"),
        (["demo", "status"], "There is no bar status. Choose from: waybar, "),
        (["setup", "status"], "There is no bar status. Choose from: waybar, "),
        (["setup", "wayber"], "There is no bar wayber. Did you mean waybar?"),
        (["fetch", "--plan", "codng"], "Did you mean coding? --plan must be one of auto, coding-plan, "),
        (["completion", "fsh"], "There is no script for the shell fsh. Did you mean fish?"),
        (["guard", "--window", "weakly"], "Did you mean weekly? --window must be one of five_hour, weekly, monthly."),
        (["config", "region", "cn"], "There is no such action. Did you mean codingplan-bar config set region cn?"),
        (["config", "region"], "There is no such action. Did you mean codingplan-bar config set region VALUE?"),
        (["config", "thresholds", "80", "95"], "Did you mean codingplan-bar config set thresholds 80,95?"),
        (["config", "format", "{plan} x"], "Did you mean codingplan-bar config set format '{plan} x'?"),
        (["config", "api_key", "sk-x"], "Did you mean codingplan-bar config set api_key < FILE?"),
        (["config", "proxy", "http://a:b@c:1"], "Did you mean codingplan-bar config set proxy VALUE?"),
        (["config", "show"], "There is no such action. Did you mean codingplan-bar config?"),
        (["config", "list", "theme"], "There is no such action. Did you mean codingplan-bar config?"),
        (["config", "gte"], "There is no such action. Did you mean get?"),
        (["waybar", "--whatch"], "--watch"),
        (["\x1b[31m\udcff"], "See: codingplan-bar --help"),
    ],
)
def test_an_error_of_use_is_one_line_on_stderr_with_the_fix_in_it(capfd, arguments, fix):
    assert run(arguments) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("codingplan-bar: ")
    assert fix in err
    assert err.rstrip("\n").isprintable()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["config", "set", "api_key", "-zcanary"],
        ["config", "set", "api_key", "--canary"],
        ["config", "--canary"],
        ["config", "canary"],
        ["login", "--canary"],
        ["logout", "--canary=1"],
        ["logout", "--all=canary"],
    ],
    ids=" ".join,
)
def test_what_may_be_a_secret_is_not_repeated(capfd, monkeypatch, arguments, language):
    monkeypatch.setenv("CODINGPLAN_BAR_LANGUAGE", language)
    assert run(arguments) == 2
    out, err = capfd.readouterr()
    assert ("canary" in out + err, "-z" in err) == (False, False)
    assert "--help" in err
    assert err.count("\n") == 1


def test_a_negative_number_is_a_value_of_a_setting(capfd, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert run(["config", "set", "session_alert", "-3"]) == 2
    assert "session_alert must be a number from 0 to" in capfd.readouterr().err
    assert run(["config", "--nope"]) == 2
    assert "There is no option of this name" in capfd.readouterr().err


def wrong_uses():
    """Every command with each kind of mistake that it can be called with."""
    for name, command in main.commands.items():
        yield [name[:-1]]
        yield [name, "--nope"]
        yield [name, "stray", "stray", "stray", "stray"]
        for option in (each for each in command.params if each.opts[0].startswith("--")):
            yield [name, option.opts[0][:-1]]
            yield [name, f"{option.opts[0]}=value"] if getattr(option, "is_flag", False) else [name, option.opts[0]]
            choices = [choice[:-1] for choice in getattr(option.type, "choices", ())]
            yield from ([name, option.opts[0], choice] for choice in choices)
        for argument in (each for each in command.params if hasattr(each.type, "choices") and each.required):
            yield [name]
            yield from ([name, choice[:-1]] for choice in argument.type.choices)


def told_of(arguments, language, capfd, monkeypatch):
    monkeypatch.setenv("CODINGPLAN_BAR_LANGUAGE", language)
    assert run(arguments) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    return err


@for_each("arguments", [*map(tuple, wrong_uses())], ids=" ".join)
def test_every_wrong_use_ends_with_2_and_is_told_as_well_in_chinese_as_in_english(arguments, capfd, monkeypatch):
    english = told_of(list(arguments), "en", capfd, monkeypatch)
    chinese = told_of(list(arguments), "zh", capfd, monkeypatch)
    names = re.compile(r"[a-z_-]*[a-z0-9][a-z_0-9-]*|\b[A-Z]{3,}\b")
    kept = {*main.commands, *re.findall(r"--[a-z-]+", english), *re.findall(r"\b[A-Z]{3,}\b", english)}
    kept |= {choice for each in re.findall(r"(?:mean |from: )([^.?]*)", english) for choice in each.split(", ")}
    assert [word for word in names.findall(chinese) if word in kept and word not in METAVARS.values()] == [
        word for word in names.findall(english) if word in kept - METAVARS.keys() and word != "value"
    ]
    assert not re.search(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}", chinese.replace("stray", "").replace(": ", ""))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("typed", "meant"),
    [("staus", "status"), ("login --prot 9", "--port"), ("history --cvs", "--csv"), ("Doctor", "doctor")],
)
def test_what_was_perhaps_meant_is_guessed_in_each_language(typed, meant, language, capfd, monkeypatch):
    told = told_of(typed.split(), language, capfd, monkeypatch)
    assert f"{'Did you mean' if language == 'en' else '是否想写'} {meant}" in told


def test_an_option_that_is_nearly_right_is_guessed_all_the_same(capfd):
    run(["login", "--no-brower"])
    assert "Did you mean --no-browser?" in capfd.readouterr().err


LONG = "\x1b]0;title\x07\x1b[31m" + "x" * 100_000


@pytest.mark.parametrize(
    "arguments",
    [
        [LONG],
        ["fetch", "--source", LONG],
        ["fetch", f"--{LONG}"],
        ["fetch", LONG],
        ["history", "--days", LONG],
        ["history", "--from", LONG[:3000]],
        ["setup", LONG],
        ["guard", "--window", "\r" + LONG],
    ],
    ids=lambda words: " ".join(word[:9] for word in words).encode("unicode_escape").decode(),
)
def test_what_was_typed_wrongly_is_told_briefly_and_sends_no_escape(capfd, tmp_path, monkeypatch, arguments):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert run(arguments) != 0
    out, err = capfd.readouterr()
    assert not {"\x1b", "\x07", "\r"} & set(out + err)
    assert 0 < len(err) < 8_000


def test_the_shell_gets_its_completion_script_and_its_completions(user):
    script = user.run(env={"_CODINGPLAN_BAR_COMPLETE": "zsh_source"})
    assert script.code == 0
    assert script.out.startswith("#compdef codingplan-bar")
    asked = {"_CODINGPLAN_BAR_COMPLETE": "zsh_complete", "COMP_WORDS": "codingplan-bar demo way", "COMP_CWORD": "2"}
    assert "waybar" in user.run(env=asked).out


class Completing:
    """A shell that asks what the last of these words may become."""

    def __init__(self, capfd, monkeypatch):
        self.capfd, self.monkeypatch = capfd, monkeypatch

    def __call__(self, *words):
        self.monkeypatch.setenv("_CODINGPLAN_BAR_COMPLETE", "bash_complete")
        self.monkeypatch.setenv("COMP_WORDS", " ".join(["codingplan-bar", *words]))
        self.monkeypatch.setenv("COMP_CWORD", str(len(words)))
        assert run([]) == 0
        return self.capfd.readouterr().out.splitlines()


@pytest.fixture
def completed(capfd, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    return Completing(capfd, monkeypatch)


def plain(*words):
    return [f"plain,{word}" for word in words]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("config", "set", ""), tuple(settings.SETTINGS)),
        (("config", "get", "refr"), ("refresh_interval",)),
        (("config", "unset", "colors.w"), ("colors.warning",)),
        (("config", "edit", ""), ()),
        (("config", "get", "theme", ""), ()),
        (("config", "set", "region", ""), ("intl", "cn")),
        (("config", "set", "theme", ""), ("bar", "dark", "light", *themes.THEMES)),
        (("config", "set", "format", ""), tuple(PRESETS)),
        (("config", "set", "region_fallback", "f"), ("false",)),
        (("config", "set", "windows", "weekly,"), ("weekly,five_hour", "weekly,monthly")),
        (("config", "set", "browsers", "firefox,chromium-"), ()),
        (("config", "set", "timeout", ""), ()),
        (("config", "set", "nothing", ""), ()),
        (("config", "set", "api_key", ""), ()),
        (("theme", "gruv"), ("gruvbox", "gruvbox-light")),
        (("login", "--site", "do"), ("domestic",)),
        (("login", "--profile", ""), ()),
        (("setup", "tin"), ("tint2",)),
        (("setup", "waybar", "--click", ""), ("console", "page")),
        (("setup", "waybar", "--bar", ""), ()),
        (("fetch", "--region", ""), ("intl", "cn")),
    ],
)
def test_a_shell_completes_the_words_that_there_are(completed, typed, words):
    found = completed(*typed)
    assert sorted(found) == sorted(dict.fromkeys(plain(*words)))


def test_each_setting_that_takes_one_of_a_few_words_is_completed(completed):
    """What is completed is taken; a secret, a number, a path and a text of the user's own are not completed."""
    free = {*settings.SECRETS, "bl_path", "ca_bundle", "proxy", "refresh_interval", "timeout", "tooltip_format"}
    free |= {"thresholds", "colors", "on_threshold", "session_alert", "lapse_alert", "plan_alert"}
    for name, setting in settings.SETTINGS.items():
        found = [line.partition(",")[2] for line in completed("config", "set", name, "")]
        assert bool(found) == (name not in free), name
        for word in found:
            setting.read(word)


@pytest.mark.parametrize("words", [("setup", "waybar", "--file"), ("history", "--svg"), ("history", "--from")])
def test_a_shell_completes_files_where_an_option_takes_one(completed, words):
    assert completed(*words, "") == ["file,"]


def test_profiles_of_the_tools_are_completed_by_their_names_alone(completed, tmp_path):
    profile = {"name": "work", "mode": "AK", "access_key_id": "LTAI", "access_key_secret": "canary"}
    (tmp_path / ".aliyun").mkdir()
    (tmp_path / ".aliyun/config.json").write_text(json.dumps({"profiles": [profile]}))
    (tmp_path / ".bailian").mkdir()
    (tmp_path / ".bailian/config.json").write_text("[")
    assert completed("login", "--profile", "a") == plain("aliyun:work")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_itself_completes_a_list_with_its_commas(shell, tmp_path, programs):
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    lines = {
        "bash": 'eval "$(codingplan-bar completion bash)"; COMP_WORDS=(codingplan-bar config set windows weekly,f);'
        ' COMP_CWORD=4; _codingplan_bar_completion codingplan-bar 2>/dev/null; echo "${COMPREPLY[@]}"',
        "zsh": 'compdef() { :; }; compadd() { echo "${(P)@[-1]}"; };'
        ' eval "$(codingplan-bar completion zsh)"; words=(codingplan-bar config set windows weekly,f); CURRENT=5;'
        " _codingplan_bar_completion",
        "fish": 'codingplan-bar completion fish | source; complete -C "codingplan-bar config set windows weekly,f"',
    }
    environ = {"HOME": str(tmp_path), "PATH": f"{sysconfig.get_path('scripts')}:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    done = subprocess.run([shell, "-c", lines[shell]], env=environ, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["weekly,five_hour"], done.stderr


def plain_lines():
    """Command lines of a name and its flags, each flag by itself and all together."""
    for row in COMMANDS:
        flags = [option.name for option in row.options if option.is_flag]
        if not any(argument.required for argument in row.arguments):
            yield from ([row.name, *some] for some in ([], *([flag] for flag in flags), flags))
    yield from ([bar] for bar in BARS)


@for_each("line", list(plain_lines()), ids=" ".join)
def test_a_command_without_a_value_is_called_as_click_would_call_it(line, monkeypatch):
    calls = []
    monkeypatch.setattr(cli, "do", lambda does, given: calls.append((does, given)) or 0)
    assert cli.invoke(line) == 0
    does, given = plain_call(line)
    assert calls == [(does, {"plan": None, **given} if line[0] in BARS else given)]


@pytest.mark.parametrize("line", [["status", "--plan", "token"], ["completion"], ["status", "-h"], ["nothing"], []])
def test_what_has_a_value_or_is_wrong_is_left_to_click(line):
    assert plain_call(line) is None


NO_NUMBERS = ("nan", "inf", "-inf", "1e400", "", " ", "ten", "0x10", "1,5", "-1", "1e9", "9" * 5_000)
IN_TOML = ("nan", "inf", "-inf", "1e400", "-1", "1e9", "9" * 400, '""', "true", "[]", "1979-05-27")
GOOD = {"--days": ("history", "0.5"), "--min-remaining": ("guard", "100")}
SETTINGS = {"refresh_interval": "{}", "timeout": "{}", "thresholds": "{},90"}


def test_the_options_that_take_a_number_are_these():
    options = [option for each in COMMANDS for option in each.options]
    assert {option.name for option in options if option.bounds} == set(GOOD)
    assert {option.kind for option in options} == {None, str}


@pytest.fixture
def ran(monkeypatch):
    """What the command was given, as often as it ran."""
    given = []

    class Module:
        def __getattr__(self, _):
            return lambda **values: given.append(values) or 0

    monkeypatch.setattr(commands, "import_module", lambda _: Module())
    return given


@for_each("text", NO_NUMBERS)
@for_each("option", GOOD)
def test_an_option_that_is_no_number_within_its_bounds_is_an_error_of_use(option, text, ran, capfd):
    assert run([GOOD[option][0], f"{option}={text}"]) == 2
    told = capfd.readouterr()
    assert (ran, told.out, told.err.count("\n")) == ([], "", 1)
    assert f"{option} must be a number from " in told.err


@pytest.mark.parametrize("option", GOOD)
def test_a_number_within_its_bounds_is_taken(option, ran):
    command, text = GOOD[option]
    assert run([command, f"{option}={text}"]) == 0
    assert float(text) in ran[0].values()


@for_each("text", NO_NUMBERS)
@for_each("name", SETTINGS)
def test_a_setting_that_is_no_number_within_its_bounds_is_a_fault_that_names_it(name, text):
    [fault] = settings.load("", {f"CODINGPLAN_BAR_{name.upper()}": SETTINGS[name].format(text)}).faults
    assert fault.name == name


@for_each("text", IN_TOML)
@for_each("name", SETTINGS)
def test_the_same_holds_in_the_file_of_settings(name, text):
    value = f"[{text}, 90]" if name == "thresholds" else text
    [fault] = settings.load(f"{name} = {value}", {}).faults
    assert fault.name == name


@pytest.mark.parametrize("words", [(), ("config",)])
def test_the_word_help_is_the_option(capfd, words):
    assert run(["help", *words]) == 0
    by_word = capfd.readouterr().out
    run([*words, "--help"])
    assert capfd.readouterr().out == by_word
