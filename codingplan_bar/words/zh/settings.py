"""What is wrong with a setting, what each one does, and the words of `config`, in Chinese."""

from __future__ import annotations

REASONS = {
    "choice": "须为 {choices} 之一",
    "some_of": "须为由 {choices} 组成的列表，不可重复",
    "number": "须为 {lowest} 到 {highest} 之间的数字",
    "switch": "须为 true 或 false",
    "text": "须为带引号的文本",
    "length": "最长 {limit} 个字符",
    "path": "须为绝对路径，或以 ~/ 开头",
    "words": "须为单词列表",
    "browser": "第 {item} 项不是已知的浏览器。可用：{choices}，或文件夹（/… 或 ~/…）",
    "arguments": "须为参数列表",
    "command": "须以命令开头",
    "days": "须为数字列表，每个 0 到 90，例如 [7, 1]",
    "thresholds": "须为两个递增的数字，大于 0 且不超过 100，例如 [75, 90]",
    "states": "只能为这些状态设置颜色：{choices}",
    "color": "颜色须写成 #rrggbb",
    "pairs": "须写成 状态=#rrggbb，以逗号分隔",
    "proxy": "须为地址，例如 http://127.0.0.1:8080 或 socks5h://127.0.0.1:1080",
    "bracket": "中有一个 `[` 没有闭合",
    "partner": "中的 `{char}` 没有成对；要显示它，请写两次",
}

FAULTS = {
    "wrong": "{where}：{name} {reason}。",
    "unknown": "{where}：没有设置 {name}。",
    "no variable": "{where}：未知的变量。",
    "capitals": "{where}：设置的变量名须为大写字母。",
    "toml": "{where} 不是有效的 TOML：{reason}。",
    "unreadable": "无法读取 {where}：{reason}。",
    "guess": "是否想写 {guess}？",
    "all": "可用的设置：{choices}。",
    "correct": "请修改 {name}，再运行 `codingplan-bar doctor`。",
    "correct file": "请修改或删除 {where}。",
    "no request": "在此之前不会发送请求。",
}

# A place in the file, which English says in the words of the program and of its parser.

PLACES = {
    "line": "{file} 第 {line} 行",
    "column": "第 {line} 行第 {column} 列有误",
    "until then": "设置改正之前没有：codingplan-bar doctor",
    "end": "文件末尾不完整",
}

# What each setting does: the same words as in README.zh-CN.md.

MEANS = {
    "plan": "显示哪个套餐：`auto`、`coding-plan`、`token-plan`、`token-plan-team`；可简写为 `coding`、`token`、`team`",
    "source": "用量从哪里取得：`auto`、`web`、`token`、`cli` 或 `api`",
    "region": "国际站（`intl`）或中国站（`cn`）",
    "region_fallback": "为 `intl` 且没有登录时，也尝试 `cn`",
    "cookie_source": "会话从哪里取得：`auto`、`manual` 或 `off`",
    "cookie_header": "从浏览器粘贴的 Cookie 请求头，用于 `manual`",
    "api_key": "API 模式的 key",
    "bl_path": "官方工具 `bl` 的位置；留空则在 PATH 中查找",
    "browsers": "依次在哪些浏览器中查找会话，可写名称或其浏览器用户（profile）所在的文件夹；留空为全部",
    "ca_bundle": "信任的证书：文件或文件夹；留空则用系统的",
    "proxy": "所有请求使用的代理，`http://…` 或 `socks5h://…`；留空则用 HTTPS_PROXY",
    "refresh_interval": "两次请求之间的秒数，至少 60",
    "timeout": "一次完整刷新最多用多少秒",
    "windows": "显示哪些窗口，按什么顺序",
    "show": "百分比显示已用（`used`）还是剩余（`remaining`）",
    "format": "显示的一行：`minimal`、`compact`、`full`、`bars`、`vertical`，或一个模板",
    "tooltip_format": "提示的模板；留空则为表格",
    "thresholds": "`warning` 和 `critical` 的已用百分比",
    "icons": "行首的标记：`none`、`nerd` 或 `emoji`",
    "language": "`auto`（随 LC_ALL、LC_MESSAGES、LANG）、`en` 或 `zh`",
    "polybar_language": "polybar 的语言：`auto`（其字体没有中文时用英文）、`en` 或 `zh`",
    "theme": "配色：`bar`（状态栏自己的颜色）、`dark`、`light`，或 `codingplan-bar theme` 列出的主题",
    "colors": "每种状态的颜色 `#rrggbb`；`background`、`foreground`：polybar 模块自己的颜色",
    "notifications": "是否用桌面通知提醒（docs/alerts.zh-CN.md）",
    "session_alert": "在登录失效前多少小时发出提醒；0：不提醒",
    "lapse_alert": "一天之内将作废的周额度或月额度达到百分之几时提醒；0 为从不",
    "plan_alert": "套餐到期前多少天提醒；0 或空列表为从不",
    "on_threshold": "提醒时运行的命令及其参数",
}

# The words of `config`.

CONFIG = {
    "template": "# codingplan-bar 的设置。要修改某项，请去掉它前面的 #。\n",
    "set": "已在 {} 和环境变量中设置：",
    "nothing set": "尚未设置任何项，全部使用默认值。设置文件的位置：{}",
    "others": "未设置的项：",
    "default": "（默认：{}）",
    "at": "（{}）",
    "how": "修改设置：codingplan-bar config set KEY VALUE",
    "is set": "已设置",
    "not set": "未设置",
    "value": "{}",
    "too many": "多了一个参数。用法见：codingplan-bar config --help",
    "no key": "请指定一项设置。查看全部设置：codingplan-bar config",
    "unknown": "没有设置 {}。",
    "guess": "是否想写 {}？",
    "see all": "查看全部设置：codingplan-bar config",
    "wrong": "{} {}。",
    "secret": "{0} 是敏感信息，只从标准输入读取：codingplan-bar config set {0} < FILE",
    "no pipe": "没有给出 {0} 的值。请从标准输入提供：codingplan-bar config set {0} < FILE",
    "empty pipe": "标准输入中没有 {} 的内容。",
    "written": "{}：{} = {}",
    "unset": "{}：{} 未设置，使用默认值。",
    "not in lines": "未改动 {}：{} 不是独立成行的。请手动修改：codingplan-bar config edit",
    "not written": "未改动 {}：{}。请运行：codingplan-bar doctor",
    "no writing": "该文件无法写入（{}）",
    "broken": "它不是有效的 TOML（{}）",
    "changed meanwhile": "暂时无法修改",
    "variable wins": "环境变量 {} 也已设置，并优先于该文件。",
    "manual": "cookie_source 为 manual 时才会生效：codingplan-bar config set cookie_source manual",
    "no editor": "没有找到编辑器。请设置环境变量 EDITOR，或自行编辑 {}",
}

# The words of `privacy`.

PRIVACY = {
    "read": "在本机读取（如果存在）：",
    "kept": "由 codingplan-bar 保存：",
    "sent": "刷新时可能连接的主机：",
    "run": "刷新时可能运行的程序：",
    "nothing": "无",
    "until then": "设置改正之前没有：codingplan-bar doctor",
    "end": "除此之外不发送任何内容，也不连接其他主机，不上报使用情况。承诺的内容见 SECURITY.md（英文）",
    "settings": "你的设置",
    "codexbar": "CodexBar 的设置，用于补充你未设置的项",
    "cookies": "{}：仅读取服务端域名的 Cookie",
    "tool files": "阿里云工具保存的登录",
    "variable": "此处已设置的环境变量",
    "file": "数字、时间和状态，不含敏感信息",
    "file.session": "敏感信息：Cookie 和登录令牌，仅你可读",
    "file.history": "历史记录：数字和时间，保留一年",
    "file.before": "setup 之前的状态栏配置",
    "file.setup": "setup 写过哪些文件",
    "file.account": "一个随机数，用于把账号变成指纹",
    "session": "你的控制台登录或 API Key，经 TLS 发送",
    "token": "`codingplan-bar login` 的令牌，经 TLS 发送",
    "token of bl": "`bl` 保存的令牌，经 TLS 发送",
    "proxy": "你指定的代理，请求经由它发送",
    "bl": "官方工具，它自己保存登录",
    "alert": "你设置的提醒命令（on_threshold）",
}
