"""The texts of `--help` and the manual page, in simplified Chinese; the English ones stand in the table of commands."""

from __future__ import annotations

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
    "fetch --interactive": "允许密钥环请你授权读取浏览器的登录会话，并等待你操作。",
    "refresh": "立即请求服务端，不输出内容：用于点击和信号。",
    "refresh --background": "仅在需要刷新时请求，且不等待。",
    "refresh --click": "退出码总是 0：有些状态栏只有这样才会重新读取。",
    "login": """登录一次：通过浏览器、令牌或 AccessKey。

    在浏览器中打开控制台的登录页，并等待它向 127.0.0.1 返回结果，最多 15 分钟。使用 AccessKey 则无需再次登录：
    先在阿里云工具的文件中查找，没有时请你输入。敏感信息从不作为参数。服务端接受登录时退出码为 0。""",
    "login --site": "账号所在站点：intl（国际站，alibabacloud.com）或 cn（中国站，aliyun.com）。",
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

    每次取得用量的刷新都会记录，保留一年。图中的空白表示未知。没有记录时退出码为 1。""",
    "history --json": "以 JSON 输出全部记录；可用 --days 限定天数。",
    "history --csv": "以 CSV 输出。",
    "history --svg": "把图表写成图片；- 表示标准输出。",
    "history --days": "多少天；默认 7。",
    "history --windows": "显示过去每个窗口用了多少。",
    "history --backtest": "用过去的记录检验预测有多准；加 --json 则输出全部预测。",
    "history --from": "读取 --json 输出的文件；- 表示标准输入。",
    "guard": """剩余是否足够？用于脚本：退出码 0 足够，1 不足，69 未知。

    检查所有显示的窗口，或指定的一个。用量包还有剩余即为足够。""",
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

    检查设置、地址、文件夹、各浏览器用户（profile）、API Key、服务端的响应、状态栏，以及其命令能否在精简环境中运行。
    输出中不含敏感信息。有 ✗ 的行时退出码为 1，否则为 0。""",
    "doctor --all": "显示每项检查，包括通过的和不存在的。",
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
