"""What the command line and the small commands say, in simplified Chinese."""

from __future__ import annotations

SAID = {
    "alert": "`alert` 由刷新自动运行，无需手动运行。相关设置：notifications、on_threshold。",
    "no output": "无法写入标准输出：{}。请改用其他输出位置。",
    "storage": "{}（{}）{}",
    "broken": "{}，随后 {}。请重新安装 codingplan-bar。",
    "held back": "刚刚请求过。{} 秒后可再次手动请求。",
    "held back.nothing": "刚刚查找过，没有找到登录。{} 秒后可再次查找。登录：codingplan-bar login",
    "held back.pause": "服务端要求稍候。{} 秒后可再次请求。",
    "tries": "上次尝试：{}；下次自动尝试：{} 起。",
    "tries.soon": "上次尝试：{}；下次自动尝试：{} 秒后。",
    "picture": "无法写入 {}：{}。请换一个文件。",
    "guard": "{}：剩余 {}，要求 {}",
    "guard.runs_out": "{}：{}",
    "guard.no window": "未知：服务端没有给出窗口 {} 的用量。",
    "guard.unknown": "未知：{}",
    "no browser": "无法启动浏览器。请自行打开 {}",
    "no window": "无法打开终端窗口。可在当前终端中运行：codingplan-bar status --watch",
    "no display": "无法打开终端窗口（没有图形界面）。可在当前终端中运行：codingplan-bar status --watch",
    "opened": "已打开 {}",
    "no editor": "此处无法启动编辑器。请在终端中运行 `codingplan-bar config edit`，或自行编辑 {}",
    "no settings": "{}（{}）{}",
    "no clipboard": "没有可写入剪贴板的程序。请安装 wl-clipboard、xclip 或 xsel。",
}

DEMO = {
    "title": "演示：虚构的服务端在本进程内应答，不会向外发送任何数据。\n",
    "all": "向各状态栏输出的内容（BAR 换成其名称）：",
    "more": "  （菜单另有 {} 行）",
    "next": "\n用时 {:.1f} 秒。接下来：\n",
    "demo {}": "某个状态栏的全部输出，以及如何添加",
    "status": "使用自己的账号",
    "--help": "其他命令",
    "failed": "演示的刷新失败：{}",
    "no folder": "演示需要存放临时文件的文件夹（TMPDIR）：{}。",
    "see": "查看应写入什么、写在哪里：",
    "write": "写入：",
    "undo": "移除：",
    "files": "文件和手动设置说明（英文）：",
}

PAGE = {
    "no terminal": "status --watch 需要终端。请直接在终端中运行，或去掉 --watch。",
    "resets": "{} 重置",
    "day": "近 24 小时",
    "most": "最高 {}",
    "asking": "正在刷新…",
    "opening": "正在打开控制台…",
    "failed": "无法运行 codingplan-bar。请重新安装。",
    "no history": "最近 {:.0f} 天没有记录。",
    "history": "最近 {:.0f} 天",
    "keys": "按键",
    "r": "刷新",
    "o": "打开控制台",
    "tab": "切换套餐",
    "h": "历史",
    "?": "帮助",
    "q": "退出",
    "back": "返回",
    "help.r": "立即向服务端查询；五秒内只查询一次",
    "help.o": "在浏览器中打开控制台",
    "help.tab": "显示下一个套餐",
    "help.h": "显示或收起历史图表",
    "help.scroll": "上下滚动",
    "help.?": "显示或收起本页",
    "help.esc": "返回；在首页则退出",
    "help.q": "退出",
}

# What the system says of a file or a connection, beside the reasons of errors.py.

SYSTEM = {
    "Address already in use": "地址已被占用",
    "Cannot assign requested address": "无法使用该地址",
    "Connection refused": "连接被拒绝",
    "Connection reset by peer": "连接被对方断开",
    "Connection timed out": "连接超时",
    "Network is down": "网络已断开",
    "Broken pipe": "管道已断开",
    "File name too long": "文件名过长",
    "Directory not empty": "文件夹不为空",
    "Invalid argument": "参数无效",
    "Too many open files in system": "系统打开的文件过多",
    "Bad file descriptor": "文件描述符无效",
    "Stale file handle": "网络文件系统的文件已失效",
    "Invalid cross-device link": "不能跨文件系统链接",
    "Device or resource busy": "设备或资源忙",
}

# Errors of use.

USAGE = {
    "no option": "没有选项 {name}。",
    "no such option": "没有这个名称的选项。",
    "choices": "可选：{choices}。",
    "no command": "没有命令“{name}”。",
    "set up": "{0} 运行 `codingplan-bar {1}`；设置方法：codingplan-bar setup {2}",
    "format": (
        "{0} 是一种输出格式，不是状态栏：{1} 使用它。请选择其一：codingplan-bar setup BAR。"
        "查看：codingplan-bar demo {0}"
    ),
    "no taker": "{0} 是供自己的程序使用的输出格式，不是状态栏。查看：codingplan-bar demo {0}",
    "needs a value": "选项 {name} 需要一个值。",
    "takes no value": "选项 {name} 不带值。",
    "missing": "缺少 {name}。",
    "no action": "没有这个操作。",
    "no BAR": "没有名为“{value}”的状态栏。",
    "no SHELL": "没有用于 {value} 的脚本。",
    "said": "{said}",
    "number": "{name} 须为 {lowest} 到 {highest} 之间的数字。",
    "wrong": "{name} 不能取这个值。",
    "extra": "多余的参数：{name}。",
    "see": "用法：{command} --help",
}

# What stands for a word that is to be typed, in `--help` and the manual page; of one option, by both.

METAVARS = {
    "ACTION": "操作",
    "BAR": "状态栏",
    "FILE": "文件",
    "KEY": "设置项",
    "--popup KEY": "按键",
    "N": "数字",
    "NAME": "名称",
    "P": "百分比",
    "PLAN": "套餐",
    "SHELL": "shell",
    "SITE": "站点",
    "VALUE": "值",
}

# The texts of `--help`: a command by its name, an option by both; "" is the program, BAR a bar's own command.

HELP = {
    "Usage: ": "用法：",
    "one of": "{} 可以是",
    "Options": "选项",
    "[OPTIONS]": "[选项]",
    "[COMMAND] [ARGS]...": "[命令] [参数]...",
    "--help": "显示帮助。",
    "--version": "显示版本。",
    "--plan": "仅本次使用该套餐：auto、coding-plan、token-plan 或 token-plan-team。",
    "": """在你已有的状态栏中显示阿里云 Coding Plan 的用量。

    config.toml 中的每项设置也都有对应的环境变量 CODINGPLAN_BAR_<名称>。""",
    "BAR": "输出 {} 所需的内容。",
    "BAR --watch": "持续运行，每次变化时输出。",
    "fetch": """立即请求服务端，以 JSON 输出结果。

    结果会保存，供各状态栏显示。结果为错误时退出码为 1。""",
    "fetch --source": "仅本次使用该来源。",
    "fetch --region": "仅本次使用该站点。",
    "fetch --pretty": "输出带缩进的 JSON。",
    "fetch --interactive": "读取浏览器的登录状态时，密钥环可请你授权，并等待。",
    "refresh": "立即请求服务端，不输出内容：用于点击和信号。",
    "refresh --background": "仅在到期时请求，且不等待。",
    "refresh --click": "退出码总是 0：有些状态栏只有这样才会重新读取。",
    "login": """登录一次：通过浏览器、令牌或 AccessKey。

    在浏览器中打开控制台的登录页，并等待它向 127.0.0.1 返回结果，最多 15 分钟。使用 AccessKey 则无需再次登录：
    先在阿里云工具的文件中查找，没有时请你输入。敏感信息从不作为参数。服务端接受登录时退出码为 0。""",
    "login --site": "账号所在站点：intl（国际站）或 cn（中国站）。",
    "login --no-browser": "只在标准输出中显示地址，不打开浏览器。",
    "login --port": "在该端口等待，以便 ssh 转发。",
    "login --token-stdin": "从管道读取令牌。",
    "login --with-access-key": "使用 AccessKey 登录。",
    "login --browser": "打开控制台，等待浏览器中出现登录状态。",
    "login --profile": "用于 --with-access-key：使用该配置的 AccessKey，aliyun:名称 或 bl:名称。",
    "login --keep": "用于 --with-access-key：把 AccessKey 保存在本程序的私有文件中。",
    "logout": """清除 `login` 的登录；其他程序保存的内容不受影响。

    加 --all 后不再读取任何浏览器，服务端返回的内容也不再留在本机。""",
    "logout --all": "将 cookie_source 设为 off，并删除已保存的用量。",
    "status": """显示套餐、各窗口的用量，以及数据来源。

    加 --watch 则显示一个常驻页面，有变化时自动重绘：r 刷新，o 打开控制台，Tab 切换套餐，h 查看历史，? 查看全部按键，
    q 退出。不在终端中时退出码为 2。""",
    "status --watch": "显示一个可按键操作的常驻页面，按 q 退出。",
    "status --window": "在独立的终端窗口中显示该页面，已显示则关闭：供点击时使用。",
    "preview": """在终端中显示每种预设在每种状态下的样子。

    使用已保存的用量；没有时或加 --demo 时使用虚构数字。不发送请求。""",
    "preview --demo": "即使已有用量，也使用虚构数字。",
    "theme": """显示状态栏可用的主题，或按名称选择一种。

    使用已保存的用量，没有时使用虚构数字。每种主题都显示在它自己的底色上（取决于终端支持的颜色）。所选名称写入设置。""",
    "history": """以图表显示记录：各窗口的百分比随时间的变化。

    每次刷新都会记录，保留一年。图中的空白表示未知。没有记录时退出码为 1。""",
    "history --json": "以 JSON 输出全部记录；可用 --days 限定天数。",
    "history --csv": "以 CSV 输出。",
    "history --svg": "把图表写成图片；- 表示标准输出。",
    "history --days": "多少天；默认 7。",
    "history --windows": "显示过去每个窗口用了多少。",
    "history --backtest": "显示预测本来会有多准；加 --json 则输出全部预测。",
    "history --from": "读取 --json 输出的文件；- 表示标准输入。",
    "guard": """剩余是否足够？用于脚本：退出码 0 足够，1 不足，69 未知。

    检查所有显示的窗口，或指定的一个。""",
    "guard --window": "只检查该窗口。",
    "guard --min-remaining": "至少须剩余的百分比；默认 10。",
    "guard --outlook": "预计在重置前用完的窗口也算不足。",
    "config": """显示已设置的项及其来源，或修改一项设置。

    不指定操作时，显示已设置的项、来源、错误，以及其他可用的设置。文件中的注释、顺序和其余内容保持不变。
    列表用逗号分隔：`codingplan-bar config set thresholds 80,95`。
    敏感信息在终端中输入，或从标准输入读取，从不显示。名称或值有误时退出码为 2，并给出最接近的写法。""",
    "completion": """输出 shell 的补全脚本。

    fish：在 ~/.config/fish/config.fish 中写 `codingplan-bar completion fish | source`。

    bash：在 ~/.bashrc 中写 `eval "$(codingplan-bar completion bash)"`。

    zsh：在 ~/.zshrc 的 compinit 之后写 `eval "$(codingplan-bar completion zsh)"`。""",
    "manual": "显示手册页；不在终端中时为纯文本。",
    "alert": "显示一次刷新得出的提醒；由程序自行启动。",
    "doctor": """逐项检查整个链路，最后给出下一步。

    检查设置、地址、文件夹、各浏览器和用户、API Key、服务端的响应、状态栏，以及其命令能否在精简环境中运行。
    输出中不含敏感信息。有 ✗ 的行时退出码为 1，否则为 0。""",
    "doctor --all": "显示所有行，包括没有问题的行。",
    "doctor --json": "输出可直接贴到 issue 中的报告。",
    "doctor --offline": "不发送请求。",
    "doctor --import": "从浏览器重新导入登录状态；密钥环可能要求解锁。",
    "privacy": "显示在本机读取、保存、发送和运行什么。",
    "open": "在浏览器中打开所用站点的控制台。",
    "setup": """显示状态栏需要写入什么、写在哪里，或直接写入。

    会找到状态栏实际读取的配置。加 --write 后只改动两行标记之间的内容，并另存原文件；其余内容保持不变，重复运行也一样。
    无法确定含义的配置不会改动；有多个时用 --file 或 --bar 指定。不指定状态栏时，显示本机各状态栏读取哪个文件。""",
    "setup --write": "写入。",
    "setup --undo": "移除。",
    "setup --bar": "同一文件中有多个状态栏时，指定其中一个。",
    "setup --file": "不确定读取哪个文件时，指定状态栏的配置。",
    "setup --click": "点击后打开控制台（console），或在窗口中显示页面（page）。",
    "setup --popup": "用于 tmux：按前缀键后再按此键，在弹窗中显示 status --watch。",
    "uninstall": "从所有状态栏中移除，并说明如何卸载软件包。",
    "preferences": "在编辑器中打开设置。",
    "copy": "把显示内容以 JSON 复制到剪贴板。",
    "demo": """无需账号即可看到效果：各状态栏会显示什么。

    虚构的服务端在本进程内应答；取数和状态栏的代码都是真实的。指定状态栏则显示其全部输出，以及如何添加。""",
}
