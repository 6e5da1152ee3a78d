"""The words of `setup` in Chinese."""

from __future__ import annotations

WORDS = {
    "goes into": "# 以下内容应写入 {}；`codingplan-bar setup {} --write` 会写入，`--undo` 会取出。",
    "goes nowhere": "# 没有找到可写入的 {} 用户配置文件。{}",
    "by hand": "手动设置的方法见 codingplan-bar demo {}。",
    "written": "已写入 {}。原文件保存在 {}。",
    "made": "已创建 {}。",
    "unchanged": "{} 中已有这些内容。",
    "taken out": "{} 已恢复为没有这些内容时的样子。",
    "removed": "已删除 {}。",
    "not there": "{} 中没有这些内容。",
    "undo": "如需撤销：codingplan-bar setup {} --undo",
    "left alone": "{}：{} 未作任何改动。",
    "cannot write": "无法写入 {}：{}。",
    "both": "--write 与 --undo 互相矛盾：请只用一个。",
    "no bar": "请指定状态栏：codingplan-bar setup {}",
    "found": "{} 读取 {}",
    "not found": "{}：没有找到你的配置文件",
    "next.waybar": "重新启动 waybar，或运行 `pkill -USR2 waybar` 后即可看到。",
    "next.polybar": "重新启动 polybar 后即可看到：`polybar-msg cmd restart`。",
    "next.i3status-rust": "重新加载 i3 或 sway 后即可看到：`swaymsg reload`、`i3-msg restart`。",
    "next.i3blocks": "重新加载 i3 或 sway 后即可看到：`swaymsg reload`、`i3-msg restart`。",
    "next.tmux": "tmux 重新读取配置后即可看到：`tmux source-file FILE`。",
    "next.swiftbar": "SwiftBar 下次检查插件文件夹时即会显示。",
    "next.xbar": "在 xbar 中选择 `Refresh all` 后即可看到。",
    "next.argos": "Argos 会立即显示。",
    "not understood": "无法确定这份配置的含义，因此未作改动。",
    "torn": "其中 codingplan-bar 的标记行不完整，请手动修复或删除。",
    "already there": "其中已有 codingplan-bar，但不是由 setup 写入的。",
    "no modules": "其中没有直接列出模块的状态栏；其他文件中的模块不作改动。",
    "oh my tmux": (
        "Oh my tmux 自行生成状态栏：请在 .tmux.conf.local 的 tmux_conf_theme_status_right 中加入 "
        "`#(codingplan-bar tmux --watch)`。"
    ),
    "not ours": "同名文件已存在，且不是 setup 生成的原样。",
    "command": "codingplan-bar 的路径无法写入配置。",
    "no place": ("你的 status-format 中没有 #{T:status-right}：请在想要的位置写入 #{codingplan}，然后重新运行 setup。"),
    "no text": "它不是 UTF-8 文本。",
    "no file": "它不是普通文件。",
    "too long": "它比任何配置都长。",
}
