"""Writes the manual page, the shells' completions and the example of settings from the tables of commands and settings.

    python docs/reference.py

A test fails where they are not what this would write.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from inspect import cleandoc
from pathlib import Path
from types import MappingProxyType

from codingplan_bar.bars import BARS
from codingplan_bar.commands.command_table import COMMANDS, Command, Option
from codingplan_bar.settings.settings import SETTINGS, template
from codingplan_bar.words import filled
from codingplan_bar.words.zh.help import HELP, METAVARS
from codingplan_bar.words.zh.settings import MEANS

FOLDER = Path(__file__).parent
SHELLS = {"bash": "codingplan-bar.bash", "zsh": "_codingplan-bar", "fish": "codingplan-bar.fish"}

HEAD = r""".TH CODINGPLAN\-BAR 1 "" "codingplan\-bar" "User Commands"
.SH NAME
codingplan\-bar \- how much of an Alibaba Cloud Coding Plan is used, in the status bar that you already have
.SH SYNOPSIS
.B codingplan\-bar
.I COMMAND
.RI [ OPTIONS ]
.br
.B codingplan\-bar
.I BAR
.RB [ \-\-watch ]
.RB [ \-\-plan
.IR PLAN ]
.SH DESCRIPTION
A bar's command prints what is stored, in that bar's own form, in about the time that Python takes to start; where it
is older than the refresh interval, one refresh is started in the background. With
.B \-\-watch
it stays, and prints a line whenever what is shown changes. It exits with 0, whatever the quota's state.
.SH BARS
"""
TAIL = r""".SH FILES
.TP
.I ~/.config/codingplan\-bar/config.toml
The settings.
.TP
.I ~/.cache/codingplan\-bar/
The snapshot, and what is compiled from it for the bars. No secret is in it.
.TP
.I ~/.local/state/codingplan\-bar/
What must outlive a cleaned cache. The kept session, readable by the user alone, is here.
.PP
XDG_CONFIG_HOME, XDG_CACHE_HOME and XDG_STATE_HOME move them; on macOS they are in the platform's own places.
.SH ENVIRONMENT
Each setting is also a variable, CODINGPLAN_BAR_ and its name in capitals, which wins over the file. The provider's own
variables, HTTPS_PROXY, NO_PROXY, REQUESTS_CA_BUNDLE and NO_COLOR are heard.
"""

CHINESE_HEAD = r""".ds AD l
.TH CODINGPLAN\-BAR 1 "" "codingplan\-bar" "用户命令"
.ad l
.SH 名称
codingplan\-bar \- 在你已有的状态栏中显示阿里云 Coding Plan 的用量
.SH 用法
.B codingplan\-bar
.I 命令
.RI [ 选项 ]
.br
.B codingplan\-bar
.I 状态栏
.RB [ \-\-watch ]
.RB [ \-\-plan
.IR 套餐 ]
.SH 说明
状态栏的命令按该状态栏的格式输出已保存的用量，耗时与启动 Python 相近。数据早于刷新间隔时，会在后台刷新一次。加
.B \-\-watch
则持续运行，每次变化打印一行。无论用量如何，退出码都是 0。
.SH 状态栏
"""
CHINESE_TAIL = r""".SH 文件
.TP
.I ~/.config/codingplan\-bar/config.toml
设置。
.TP
.I ~/.cache/codingplan\-bar/
快照，以及由它编译的状态栏数据。不含敏感信息。
.TP
.I ~/.local/state/codingplan\-bar/
清理缓存后仍需保留的内容，包括只有你自己可读的登录状态。
.PP
可用 XDG_CONFIG_HOME、XDG_CACHE_HOME 和 XDG_STATE_HOME 改变位置；macOS 上位于系统规定的位置。
.SH 环境变量
每项设置也是环境变量：CODINGPLAN_BAR_ 加大写的名称，优先于文件。官方的变量、HTTPS_PROXY、NO_PROXY、REQUESTS_CA_BUNDLE 和
NO_COLOR 同样有效。
"""


def escaped(text: str) -> str:
    """A text as roff shows it, whatever it begins with."""
    shown = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return "\n".join("\\&" + line if line.startswith(".") else line for line in shown.split("\n"))


def manual() -> str:
    """The manual page, as roff."""
    commands = [_command(command) for command in COMMANDS if not command.hidden]
    settings = [_entry(name, setting.means) for name, setting in SETTINGS.items()]
    return "".join([HEAD, escaped(", ".join(BARS)), ".\n.SH COMMANDS\n", *commands, ".SH SETTINGS\n", *settings, TAIL])


def chinese_manual() -> str:
    """The same in Chinese."""
    commands = [_chinese(command) for command in COMMANDS if not command.hidden]
    settings = [_entry(name, MEANS[name]) for name in SETTINGS]
    begin = [CHINESE_HEAD, escaped("、".join(BARS)), "。\n.SH 命令\n"]
    text = "".join([*begin, *commands, ".SH 设置\n", *settings, CHINESE_TAIL])
    return re.sub(r"(?<=[\u3000-\u9fff\uff00-\uffef])(?=[\u4e00-\u9fff])", r"\\:", text)  # groff breaks no Chinese line


def _chinese(row: Command) -> str:
    """One command with the Chinese texts of `--help`."""
    options = [
        each._replace(text=HELP.get(f"{row.name} {each.name}") or HELP[each.name])
        for each in row.options
        if not each.hidden
    ]
    row = row._replace(text=HELP[row.name], options=tuple(options))
    return _command(row, HELP["one of"] + "：{}。", "、", METAVARS)


def completion(shell: str) -> str:
    """What a shell reads to complete commands and options; it asks the program itself."""
    environ = {**os.environ, "_CODINGPLAN_BAR_COMPLETE": f"{shell}_source"}
    done = subprocess.run(
        [sys.executable, "-m", "codingplan_bar"], env=environ, capture_output=True, text=True, check=True
    )
    return done.stdout.replace('string split ","', 'string split -m 1 ","')  # a list has commas itself


def files() -> dict[Path, str]:
    """Each file, with what belongs in it."""
    scripts = {FOLDER / "completions" / name: completion(shell) for shell, name in SHELLS.items()}
    manuals = {FOLDER / "codingplan-bar.1": manual(), FOLDER / "codingplan-bar.zh.1": chinese_manual()}
    return {**manuals, FOLDER / "config.example.toml": template(), **scripts}


def _command(
    command: Command,
    one_of: str = "{} is one of {}.",
    comma: str = ", ",
    placeholders: Mapping[str, str] = MappingProxyType({}),
) -> str:
    words = {each: placeholders.get(each.name.upper(), each.name.upper()) for each in command.arguments}
    named = [word if each.required else f"[{word}]" for each, word in words.items()]
    chosen = [filled(one_of, word, comma.join(each.choices)) for each, word in words.items() if each.choices]
    shown = [_entry(" ".join([command.name, *named]), cleandoc(command.text).replace("\n\n", "\n"))]
    shown += [f".br\n{escaped(each)}\n" for each in chosen]
    options = [_entry(_usage(option, placeholders), option.text) for option in command.options if not option.hidden]
    return "".join([*shown, *([".RS\n", *options, ".RE\n"] if options else [])])


def _usage(option: Option, placeholders: Mapping[str, str]) -> str:
    word = option.metavar or ("" if option.kind is None else option.name[2:].upper())
    value = "|".join(option.choices) or placeholders.get(f"{option.name} {word}") or placeholders.get(word, word)
    return f"{option.name} {value}".strip()


def _entry(term: str, text: str) -> str:
    return f".TP\n.B {escaped(term)}\n{escaped(text)}\n"


if __name__ == "__main__":
    for path, text in files().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
