"""`config`: what is set and from where, one setting changed, secrets by standard input alone; wrong use ends with 2."""

from __future__ import annotations

import io
import json
import os
import pty
import re
from pathlib import Path

import pytest

from codingplan_bar.bars.phrases import width
from codingplan_bar.commands import terminal
from codingplan_bar.commands.config import config
from codingplan_bar.configure.files import Configuration
from codingplan_bar.dispatch import run
from codingplan_bar.settings.settings import SETTINGS
from codingplan_bar.words.en.commands import PREVIEW as ENGLISH_PREVIEW
from codingplan_bar.words.en.settings import CONFIG as ENGLISH
from codingplan_bar.words.zh.commands import PREVIEW as CHINESE_PREVIEW
from codingplan_bar.words.zh.settings import CONFIG as CHINESE
from codingplan_bar.words.zh.settings import MEANS

SECRET = "sk-canary-0123456789"
README = (Path(__file__).parents[2] / "README.zh-CN.md").read_text("utf-8")


class Owner:
    """Someone with a home; `do` runs one `config` in this process, and gives the exit code and what was printed."""

    def __init__(self, home, capfd, monkeypatch):
        self.environ, self.capfd, self.monkeypatch = {"HOME": str(home), "LANG": "en_US.UTF-8"}, capfd, monkeypatch
        self.file = home / ".config/codingplan-bar/config.toml"

    def do(self, *words, stdin=None, **variables):
        action, key, value, *stray = (*words, None, None, None)
        if stdin is not None:
            content = stdin if isinstance(stdin, bytes) else stdin.encode()
            self.monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
        self.capfd.readouterr()
        stray = tuple(word for word in stray if word is not None)
        code = config(action=action, key=key, value=value, stray=stray, environ=self.environ | variables)
        printed = self.capfd.readouterr()
        return code, printed.out, printed.err.removeprefix("codingplan-bar: ")

    def written(self, name, text):
        path = Path(self.environ["HOME"], name)
        path.write_text(text)
        return path

    def configure(self, text, mode=0o644):
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(text)
        self.file.chmod(mode)


@pytest.fixture
def owner(tmp_path, capfd, monkeypatch):
    return Owner(tmp_path, capfd, monkeypatch)


def test_each_setting_is_listed_once_set_with_its_place_or_not_with_its_default(owner):
    owner.configure(f'timeout = 5\napi_key = "{SECRET}"\n')
    code, out, err = owner.do(CODINGPLAN_BAR_REGION="cn")
    assert (code, err) == (0, "")
    assert sorted(re.findall(r"^  ([a-z_]+)  +", out, re.MULTILINE)) == sorted(SETTINGS)
    assert re.search(r"timeout +5  \(config.toml line 1\)", out)
    assert re.search(r"api_key +set  \(config.toml line 2\)", out)
    assert re.search(r"region +cn  \(CODINGPLAN_BAR_REGION\)", out)
    assert re.search(r"refresh_interval .*\(default: 300\)", out)
    assert SECRET not in out


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("columns", [80, 60])
def test_the_list_fits_the_terminal(owner, language, columns, monkeypatch):
    monkeypatch.setattr("codingplan_bar.commands.output.columns", lambda: columns)
    owner.configure("timeout = 500\nwndows = 1\n")
    _, out, _ = owner.do(CODINGPLAN_BAR_LANGUAGE=language)
    assert max(map(width, out.splitlines())) <= columns
    assert "wndows" in out


@pytest.mark.parametrize(
    ("key", "value", "line"),
    [
        ("timeout", "30", "timeout = 30"),
        ("thresholds", "50, 80", "thresholds = [50, 80]"),
        ("thresholds", "[50, 80.5]", "thresholds = [50, 80.5]"),
        ("windows", "weekly,monthly", 'windows = ["weekly", "monthly"]'),
        ("windows", '["weekly"]', 'windows = ["weekly"]'),
        ("notifications", "off", "notifications = false"),
        ("format", '{plan} "%"', 'format = "{plan} \\"%\\""'),
        ("language", "zh-CN", 'language = "zh-CN"'),
        ("on_threshold", "notify 'a b'", 'on_threshold = ["notify", "a b"]'),
        ("colors", "ok=#98c379", 'colors = {"ok" = "#98c379"}'),
        ("colors.ok", "#98c379", 'colors.ok = "#98c379"'),
        ("region", "cn", 'region = "cn"'),
        ("thresholds", "80，95", "thresholds = [80, 95]"),
        ("thresholds", "８０、９５．５", "thresholds = [80, 95.5]"),
        ("windows", "weekly，monthly", 'windows = ["weekly", "monthly"]'),
        ("windows", "weekly、monthly", 'windows = ["weekly", "monthly"]'),
        ("browsers", "chrome，firefox", 'browsers = ["chrome", "firefox"]'),
        ("browsers", "/opt/我的、配置", 'browsers = ["/opt/我的、配置"]'),
        ("refresh_interval", "６００", "refresh_interval = 600"),
        ("plan_alert", "７，１", "plan_alert = [7, 1]"),
        ("colors", "ok=#98c379，error=#e06c75", 'colors = {"ok" = "#98c379", "error" = "#e06c75"}'),
        ("format", "用量，１", 'format = "用量，１"'),
    ],
)
def test_a_value_is_written_as_the_file_wants_it_and_can_be_taken_out(owner, key, value, line):
    owner.configure("# mine\n")
    code, out, _ = owner.do("set", key, value)
    assert (code, out) == (0, f"~/.config/codingplan-bar/config.toml: {line}\n")
    assert owner.file.read_text() == f"# mine\n{line}\n"
    assert owner.do("unset", key)[0] == 0
    assert owner.file.read_text() == "# mine\n"


def test_get_prints_the_value_that_counts(owner):
    owner.configure('format = "{plan}"\nwindows = ["weekly"]\ntimeout = 500\nproxy = "http://a:b@h:1"\n')
    variables = {"CODINGPLAN_BAR_THRESHOLDS": "5,6", "CODINGPLAN_BAR_API_KEY": SECRET}
    wanted = {
        "format": "{plan}",
        "windows": '["weekly"]',
        "timeout": "20",
        "region": "intl",
        "thresholds": "[5, 6]",
        "api_key": "set",
        "cookie_header": "not set",
        "proxy": "http://…@h:1",
        "colors.ok": "",
    }
    assert {key: owner.do("get", key, **variables)[1].rstrip("\n") for key in wanted} == wanted


@pytest.mark.parametrize(("site", "region"), [("international", "intl"), ("domestic", "cn")])
def test_a_region_by_its_sites_name_is_written_by_its_own(owner, site, region):
    assert owner.do("set", "region", site)[0] == 0
    assert owner.file.read_text() == f'region = "{region}"\n'


WRONG_USE = [
    (("get",), "Name a setting"),
    (("get", "regoin"), "Did you mean region?"),
    (("get", "qqqqqq"), "See what there is: codingplan-bar config"),
    (("get", "region.x"), "Did you mean region?"),
    (("get", "api_key", SECRET), "Too many words"),
    (("path", SECRET), "Too many words"),
    (("set", "api_key", SECRET), "standard input"),
    (("set", "proxy", f"http://me:{SECRET}@h:1"), "standard input"),
    (("set", "apikey", SECRET), "Did you mean api_key?"),
    (("set", "region", "cn", SECRET), "Too many words"),
    (("set", "region", "china"), "must be intl (international) or cn (China mainland). Did you mean cn?"),
    (("set", "region", "internationl"), "Did you mean intl?"),
    (("set", "browsers", "firefoxx"), "Did you mean firefox?"),
    (("set", "theme", "nrod"), "Did you mean nord? theme must be"),
    (("set", "timeout", "500"), "timeout must be a number from 1 to 120."),
    (("set", "source", "wbe"), "Did you mean web?"),
    (("set", "colors.okk", "#ffffff"), "Did you mean ok?"),
    (("set", "format", "a ] b"), "without a partner"),
    (("set", "format", "{wekly.share}"), "{wekly.share}, which is not a placeholder. Did you mean {weekly.share}?"),
    (("set", "tooltip_format", "{plan:2}"), "Did you mean {plan}?"),
    (("set", "format", "{qqqqqqqqq}"), "{qqqqqqqqq}, which is not a placeholder."),
    (
        ("set", "format", "｛monthly.share｝"),
        "has ｛monthly.share｝, which is not a placeholder. Did you mean {monthly.",
    ),
    (("set", "format", "a {plan｝ b"), "has {plan｝, which is not a placeholder. Did you mean {plan}?"),
    (("set", "windows", "weekly,weekly"), "without repeats"),
]


@pytest.mark.parametrize(("words", "said"), WRONG_USE, ids=lambda each: " ".join(each)[:30])
def test_wrong_use_ends_with_2_says_what_to_type_and_changes_nothing(owner, words, said):
    owner.configure("timeout = 5\n")
    code, out, err = owner.do(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert SECRET not in err
    assert owner.file.read_text() == "timeout = 5\n"


@pytest.mark.parametrize("stdin", ["", "\n\n", b"\xff"])
def test_standard_input_without_a_text_is_wrong_use(owner, stdin):
    assert owner.do("set", "api_key", stdin=stdin)[::2] == (
        2,
        "Standard input has no value for api_key. Send one: codingplan-bar config set api_key < FILE\n",
    )


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("api_key", SECRET, ("api_key = set", "api_key = 已设置")),
        ("cookie_header", f" a={SECRET} ", ("cookie_header = set", "cookie_header = 已设置")),
        (
            "api_key",
            " ",
            ("Nothing was typed for api_key, and nothing was changed.", "没有输入 api_key 的值，未作改动。"),
        ),
        ("api_key", EOFError(), ("Nothing was typed for api_key", "没有输入 api_key 的值")),
        ("api_key", "sk-你好", ("beyond ASCII", "非 ASCII 字符")),
        ("cookie_header", "a=" + "x" * 4_093, ("A terminal cuts so long a line.", "终端会截断")),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_in_a_terminal_a_secret_is_asked_for_again_where_it_cannot_be_one_and_not_shown(
    owner, monkeypatch, name, answer, said, language
):
    asked, is_taken = [], SECRET in str(answer)

    def hidden(text, stream):
        asked.append((text, stream))
        if isinstance(answer, EOFError):
            raise answer
        return answer

    monkeypatch.setattr("os.isatty", lambda _: True)
    monkeypatch.setattr(terminal.getpass, "getpass", hidden)
    done, out, err = owner.do("set", name, stdin="", CODINGPLAN_BAR_LANGUAGE=language)
    assert (done, len(asked), SECRET in out + err) == (0 if is_taken else 2, 3 if "你" in str(answer) else 1, False)
    assert asked[0][0] == {"en": f"Value of {name} (it is not shown): ", "zh": f"{name} 的值（不显示）："}[language]
    assert said[language == "zh"] in " ".join((out + err).split())
    assert owner.file.exists() == is_taken


def test_ctrl_c_ends_the_question_for_a_secret_quietly(monkeypatch, capfd):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.isatty", lambda _: True)
    monkeypatch.setattr(terminal.getpass, "getpass", stopped)
    assert run(["config", "set", "api_key"]) == 130
    assert capfd.readouterr() == ("", "\n")


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("stdin", ["", None])
def test_a_value_that_is_missing_is_asked_for_by_name_and_a_pipe_is_for_secrets_alone(owner, monkeypatch, name, stdin):
    monkeypatch.setattr("os.isatty", lambda _: stdin is None)
    monkeypatch.setattr(terminal.getpass, "getpass", lambda *_, **__: "")
    code, _, err = owner.do("set", name, stdin="")
    is_secret = SETTINGS[name].secret
    assert (code, name in err) == (2, True)
    if is_secret and stdin is None:
        assert err == f"Nothing was typed for {name}, and nothing was changed.\n"
        return
    assert f"codingplan-bar config set {name} {'< FILE' if is_secret else 'VALUE'}" in err
    assert ("standard input" in err.lower() or "a file" in err) == is_secret


@pytest.mark.parametrize(
    ("text", "variables", "told"),
    [
        (None, {}, "Nothing is set. The defaults count. The file would be ~/.config/codingplan-bar/config.toml."),
        ("# mine\n", {}, "~/.config/codingplan-bar/config.toml sets nothing. The defaults count."),
        ("soruce = 'web'\n", {}, "~/.config/codingplan-bar/config.toml exists, but no setting in it is valid."),
        ("timeout = 5\n", {}, "Set in ~/.config/codingplan-bar/config.toml:"),
        (None, {"CODINGPLAN_BAR_TIMEOUT": "5"}, "Set by variables:"),
        (
            "icons = 'none'\n",
            {"CODINGPLAN_BAR_TIMEOUT": "5"},
            "Set in ~/.config/codingplan-bar/config.toml and by variables:",
        ),
    ],
)
def test_the_page_begins_with_where_something_is_set_and_whether_the_file_is_there(owner, text, variables, told):
    if text is not None:
        owner.configure(text)
    out = owner.do(**variables)[1]
    assert out.startswith(told)
    assert ("Did you mean source?" in out) == ("soruce" in str(text))


@pytest.mark.parametrize(
    ("variable", "setting"), [("ALIBABA_CODING_PLAN_COOKIE", "cookie_header"), ("DASHSCOPE_API_KEY", "api_key")]
)
def test_what_a_variable_of_the_provider_holds_counts_as_set(owner, variable, setting):
    out = owner.do(**{variable: SECRET})[1]
    assert out.startswith("Set by variables:")
    assert any(line.split() == [setting, "set", f"({variable})"] for line in out.splitlines())
    assert (SECRET in out, owner.do("get", setting, **{variable: SECRET})[1]) == (False, "set\n")


def test_what_is_taken_out_is_told_with_the_default_that_counts(owner):
    owner.configure('source = "web"\ncookie_header = "a=b"\n')
    assert owner.do("unset", "source")[1].endswith('config.toml: source is removed; the default "auto" counts.\n')
    assert owner.do("unset", "cookie_header")[1].endswith("config.toml: cookie_header is removed.\n")


def test_a_secret_comes_from_standard_input_is_never_shown_and_its_file_is_the_users_alone(owner):
    owner.configure("timeout = 5\n", mode=0o644)
    code, out, err = owner.do("set", "api_key", stdin=f"{SECRET}\n")
    assert (code, SECRET in out + err) == (0, False)
    assert owner.file.read_text() == f'timeout = 5\napi_key = "{SECRET}"\n'
    assert owner.file.stat().st_mode & 0o777 == 0o600
    assert not [path for path in Path(owner.environ["HOME"]).rglob("*.toml") if path != owner.file]


def test_a_file_is_private_before_a_secret_is_in_it(owner, monkeypatch):
    owner.configure("timeout = 5\n", mode=0o644)
    seen = []
    monkeypatch.setattr(Configuration, "replace", lambda file, *_, **__: seen.append(file.path.stat().st_mode & 0o777))
    owner.do("set", "cookie_header", stdin="a=b")
    assert seen == [0o600]


def test_a_new_file_is_the_users_alone_and_a_file_of_no_secret_keeps_its_mode(owner):
    owner.do("set", "timeout", "5")
    assert owner.file.stat().st_mode & 0o777 == 0o600
    owner.file.chmod(0o640)
    owner.do("set", "timeout", "6")
    assert owner.file.stat().st_mode & 0o777 == 0o640


def test_what_keeps_a_change_from_counting_is_said(owner):
    assert "CODINGPLAN_BAR_TIMEOUT" in owner.do("set", "timeout", "5", CODINGPLAN_BAR_TIMEOUT="7")[1]
    assert "config set cookie_source manual" in owner.do("set", "cookie_header", stdin="a=b")[1]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "~/.config/codingplan-bar/config.toml was not changed: it cannot be written (Not a directory)."),
        ("zh", "未改动 ~/.config/codingplan-bar/config.toml：该文件无法写入（不是文件夹）。"),
    ],
)
def test_what_keeps_the_file_from_being_written_is_said_in_the_user_s_language(owner, language, said):
    owner.file.parent.parent.mkdir()
    owner.file.parent.write_text("")
    code, out, err = owner.do("set", "timeout", "5", CODINGPLAN_BAR_LANGUAGE=language)
    assert (code, out) == (1, "")
    assert err.startswith(said)


@pytest.mark.parametrize("text", ["timeout = \n", "timeout = 1\ntimeout = 2\n"])
def test_a_broken_file_is_left_as_it_is(owner, text):
    owner.configure(text)
    code, out, err = owner.do("set", "timeout", "5")
    assert (code, out) == (1, "")
    assert "is not valid TOML" in err.replace("it is", "is")
    assert owner.file.read_text() == text


def test_a_link_stays_and_what_it_leads_to_is_changed(owner, tmp_path):
    owner.configure("")
    owner.file.unlink()
    elsewhere = owner.written("dotfiles.toml", "timeout = 5 # c\n")
    owner.file.symlink_to(elsewhere)
    owner.do("set", "timeout", "6")
    assert owner.file.is_symlink()
    assert elsewhere.read_text() == "timeout = 6 # c\n"


def test_path_is_a_line_for_scripts(owner):
    assert owner.do("path") == (0, f"{owner.file}\n", "")


@pytest.mark.parametrize(
    ("language", "named", "said"),
    [
        ("en", "nope -w", "nope -w, which EDITOR names, was not found."),
        ("zh", "nope", "没有找到 EDITOR 指定的 nope。"),
        ("en", "false", "The editor ended with exit code 1."),
        ("zh", "false", "编辑器异常退出，退出码为 1。"),
    ],
)
def test_an_editor_that_fails_is_told(owner, monkeypatch, language, named, said):
    code = {"false": 1}.get(named)
    monkeypatch.setattr("codingplan_bar.process.in_terminal", lambda *_: code)
    monkeypatch.setattr("os.isatty", lambda number: number < 2)
    done = owner.do("edit", EDITOR=named, CODINGPLAN_BAR_LANGUAGE=language)
    assert done[0] == 1
    assert said in done[2]


def test_edit_opens_the_users_editor_in_the_terminal_on_a_file_that_says_everything(user, tmp_path):
    editor = tmp_path / "my editor"
    editor.write_text('#!/bin/sh\ncat "$1" > "$2.seen"; echo "timeout = 500" > "$2"\n')
    editor.chmod(0o755)
    master, slave = pty.openpty()
    command = user.start("config", "edit", env={"EDITOR": f"'{editor}' /dev/null"}, stdin=slave, stdout=slave)
    with command:
        _, err = command.communicate(timeout=60)
    assert (command.returncode, err) == (0, b"")
    os.set_blocking(master, False)
    assert b"timeout must be a number" in os.read(master, 4096)
    assert (user.home / ".config/codingplan-bar/config.toml").read_text() == "timeout = 500\n"


def test_both_languages_have_the_same_words_and_each_setting():
    gaps = re.compile(r"\{\w*\}")
    assert {key: sorted(gaps.findall(text)) for key, text in ENGLISH.items()} == {
        key: sorted(gaps.findall(text)) for key, text in CHINESE.items()
    }
    assert list(MEANS) == list(SETTINGS)


def test_the_chinese_readme_tells_each_setting_in_the_same_words():
    plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", README)
    told = re.findall(r"^\| `(\w+)` \| `(.*)` \| (.*) \|$", plain.partition("\n## 设置\n")[2], re.MULTILINE)
    wanted = [(name, json.dumps(row.unset), MEANS[name]) for name, row in SETTINGS.items()]
    assert told[: len(SETTINGS)] == wanted


@pytest.mark.parametrize(
    ("line", "guess"),
    [
        ("region = cn", 'region = "cn"'),
        ("theme=light # mine", 'theme = "light"'),
        ("bl_path = ~/bin/bl", 'bl_path = "~/bin/bl"'),
        ("region = us", ""),
        ("api_key = sk-canary-0123456789", ""),
        ("proxy = http://me:sk-canary-0123456789@host:1", ""),
        ("timeout = ten", ""),
        ("elsewhere = cn", ""),
    ],
)
@pytest.mark.parametrize("words", [(), ("set", "theme", "dark")])
def test_a_value_without_its_quotes_is_shown_with_them_unless_it_may_be_a_secret(owner, line, guess, words):
    owner.file.parent.mkdir(parents=True)
    owner.file.write_text(f"# mine\n{line}\n")
    for language, asks in (("en", "Did you mean "), ("zh", "是否想写 ")):
        _, out, err = owner.do(*(words or (None,)), CODINGPLAN_BAR_LANGUAGE=language)
        told = " ".join((out + err).split())
        assert (asks + guess if guess else "TOML") in told
        assert (asks in told) is bool(guess)
        assert SECRET not in told


@pytest.mark.parametrize(
    ("line", "wide", "half"),
    [
        ("region = “cn”", "“”", '"'),
        ("theme = ‘dark’", "‘’", "'"),
        ('region = "cn”', "”", '"'),
        ("thresholds = [80，95]", "，", ","),
        ("thresholds ＝ ［80，95］", "＝［，］", "= [ , ]"),
        ('region："cn"', "：", "="),
        ("colors = {ok：1}", "：", ":"),
        (f"api_key = “{SECRET}，canary”", "“", '"'),
        (f"api_key： {SECRET}，canary", "：", "="),
        (f"api_key = {SECRET}，canary", "", ""),
        ("format = “{plan}：{next}，”", "“”", '"'),
        ('format = "{plan}：', "", ""),
        ("timeout = ten # 秒，“s”", "", ""),
        ("refresh_interval = ３００", "３００", "300"),
        ("region_fallback = ｔｒｕｅ # 注：２", "ｔｒｕｅ", "true"),
        ("ｒｅｇｉｏｎ ＝ ｃｎ", "ｒｅｇｉｏｎ ＝ ｃｎ", "region = cn"),
        ("thresholds = 【80、95】", "【、】", "[ , ]"),
        ("colors = ｛ok = '#ffffff'｝", "｛｝", "{ }"),
        ("region = 「cn」", "「」", '"'),
        ("＃ ｔｈｅｍｅ", "＃", "#"),
        ("ａｐｉ＿ｋｅｙ = ｃａｎａｒｙ", "ａｐｉ＿ｋｅｙ", "api_key"),
        ("ｃａｎａｒｙ，", "，", ","),
    ],
)
def test_full_width_characters_in_a_line_that_is_not_toml_are_named_with_what_to_write(owner, line, wide, half):
    owner.configure(f"# mine，\n{line}\n")
    for language, told in (
        ("en", f"Write `{half}` in place of the full-width `{wide}`."),
        ("zh", f"请把全角的 `{wide}` 改为半角的 `{half}`。"),
    ):
        _, out, err = owner.do("set", "theme", "dark", CODINGPLAN_BAR_LANGUAGE=language)
        assert (told in err) == bool(wide)
        assert ("full-width" in err or "全角" in err) == bool(wide)
        assert not any(each in out + err for each in ("canary", "ｃａｎａｒｙ"))


def test_a_space_that_is_not_a_plain_one_is_named_and_so_is_a_bracket_whose_partner_is_full_width(owner):
    spaces = (
        "Write a plain space in place of the full-width or no-break one.",
        "请把其中的全角空格或不换行空格改为普通空格。",
    )
    for space in "\u3000\xa0":
        owner.configure(f"timeout{space}= 20\n")
        for language, told in zip(("en", "zh"), spaces, strict=True):
            assert told in owner.do("set", "theme", "dark", CODINGPLAN_BAR_LANGUAGE=language)[2]
    owner.configure("")
    for template, wide, half in (("[{plan}］", "］", "]"), ("［{plan}]", "［", "[")):
        told = f"Write `{half}` in place of the full-width `{wide}`."
        assert told in owner.do("set", "format", template, CODINGPLAN_BAR_LANGUAGE="en")[2]
    assert owner.do("set", "format", "［{plan}］")[0] == 0


def test_a_file_that_is_not_toml_still_says_its_language_and_region_in_full_width_characters(owner):
    owner.configure("language：ｚｈ\n")
    assert "不是有效的 TOML" in owner.do("set", "theme", "dark", LANG="C")[2]


@pytest.mark.parametrize("value", ["tooltip", " tooltip "])
def test_what_lies_below_the_line_is_no_format_of_the_line(owner, value):
    code, _, err = owner.do("set", "format", value)
    assert code == 2
    assert "minimal, compact" in err
    assert not owner.file.exists()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_preview_has_no_heading_that_could_be_taken_for_a_preset_and_is_none(owner, language):
    words = ENGLISH_PREVIEW if language == "en" else CHINESE_PREVIEW
    assert not re.fullmatch(r"\w+", words["tooltip"])


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("words", "form"),
    [
        (("thresholds", "80", "95"), "thresholds 80,95"),
        (("windows", "weekly", "five_hour"), "windows weekly,five_hour"),
        (("format", "a", "{plan}"), "format 'a {plan}'"),
        (("on_threshold", "notify-send", "hello"), "on_threshold 'notify-send hello'"),
        (("timeout", "5", "6"), ""),
        (("api_key", "sk", "canary"), ""),
        (("thresholds", "sk", "canary"), ""),
    ],
)
def test_several_words_lead_to_the_form_of_one_value_where_they_make_one(owner, words, form, language):
    code, _, err = owner.do("set", *words, CODINGPLAN_BAR_LANGUAGE=language)
    assert code == 2
    assert err.rstrip().endswith(f"codingplan-bar config set {form}" if form else "config --help")
    assert "canary" not in err
    assert not owner.file.exists()


@pytest.mark.parametrize(("language", "told"), [("en", "contains no name=value pair"), ("zh", "没有 name=value 形式")])
def test_a_text_without_a_cookie_is_refused_in_the_words_of_a_refresh(owner, language, told):
    code, _, err = owner.do("set", "cookie_header", stdin="abc", CODINGPLAN_BAR_LANGUAGE=language)
    assert (code, owner.file.exists()) == (2, False)
    assert told in err
    assert "codingplan-bar config set cookie_header < FILE" in err
    assert "abc" not in err


@pytest.mark.parametrize("key", ["sk-\x01canary", "sk-你好canary", "sk canary", "sk-canary\u3000x"])
@pytest.mark.parametrize(("language", "told"), [("en", "contains a space, a control"), ("zh", "含有空格、控制字符")])
def test_a_key_with_a_character_that_no_key_has_is_refused(owner, key, language, told):
    code, _, err = owner.do("set", "api_key", stdin=key, CODINGPLAN_BAR_LANGUAGE=language)
    assert (code, owner.file.exists(), "canary" in err, "你好" in err) == (2, False, False, False)
    assert told in err
    assert "codingplan-bar config set api_key < FILE" in err


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", ["ca_bundle", "bl_path"])
def test_a_file_that_cannot_be_used_is_written_and_told(owner, name, language):
    code, out, _ = owner.do("set", name, "/nonexistent", CODINGPLAN_BAR_LANGUAGE=language)
    assert (code, owner.file.read_text()) == (0, f'{name} = "/nonexistent"\n')
    assert name in out.splitlines()[1]
    assert len(owner.do("unset", name)[1].splitlines()) == 1


@pytest.mark.parametrize(("language", "told"), [("en", "was not set"), ("zh", "其中没有设置")])
@pytest.mark.parametrize("name", ["plan", "colors.ok", "bl_path"])
def test_what_the_file_does_not_say_is_not_told_as_removed(owner, name, language, told):
    owner.configure('plan = "token-plan"\nbl_path = "~/bl"\n[colors]\nok = "#112233"\nerror = "#112233"\n')
    variables = {"CODINGPLAN_BAR_LANGUAGE": language, "CODINGPLAN_BAR_PLAN": "auto"}
    assert told not in owner.do("unset", name, **variables)[1]
    code, out, _ = owner.do("unset", name, **variables)
    assert code == 0
    assert told in out


def test_beside_a_variable_stands_what_it_covers_in_the_file(owner):
    owner.configure(f'region = "intl"\napi_key = "{SECRET}"\n')
    _, out, _ = owner.do(CODINGPLAN_BAR_REGION="cn", CODINGPLAN_BAR_API_KEY="sk-other-canary")
    assert 'region            cn  (CODINGPLAN_BAR_REGION; config.toml line 1 has "intl", which does not count)' in out
    assert "canary" not in out


def test_what_counts_of_a_file_that_is_not_toml_is_listed(owner):
    owner.configure('region = "cn\nlanguage = "en"\nplan = "token"\n')
    _, out, _ = owner.do()
    assert re.search(r'^  region +"cn"  \(config.toml\)$', out, re.MULTILINE)
    assert "  plan " in out.partition("\nNot set:\n")[2]
    assert owner.do("get", "region")[1] == "cn\n"
