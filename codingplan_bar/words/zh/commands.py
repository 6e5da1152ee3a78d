"""The words of the commands in simplified Chinese; those of `doctor`, `config`, `privacy` and `setup` stand beside."""

from __future__ import annotations

SAID = {
    "alert": "`alert` 由刷新自动运行，无需手动运行。相关设置：notifications、on_threshold。",
    "no output": "无法写入标准输出：{}。请改用其他输出位置。",
    "storage": "{}（{}）{}",
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

STATUS = {
    "other": "该账号还有 {plan}。查看：codingplan-bar status --plan {name}",
    "tried": "尝试过：",
    "also tried": "另外尝试过：",
}

HISTORY = {
    "nothing": "尚无记录。查看原因：codingplan-bar status",
    "two kinds": "--json 与 --csv 不能同时使用，请只选一个。",
    "nothing in file": "{} 中没有记录。",
    "nothing lately": "最近 {:g} 天没有用量记录。每次取得用量的刷新都会记录。",
    "written": "已写入 {}",
    "unreadable": "{} {}。请给出由 `codingplan-bar history --json` 打印的文件。",
    "unreadable.closed": "无法读取：{}",
    "unreadable.large": "超过 {} MB",
    "unreadable.no_json": "不是有效的 JSON",
    "unreadable.no_list": "中没有 entries 列表",
    "unreadable.many": "中的记录超过 {} 条",
    "unreadable.useless": "中没有一条可用的记录",
    "unreadable.long": "跨度超过 {} 天",
    "nothing_judged": "还没有任何已记录的周期结束，无法评判预测。",
    "judged": "{label}：已结束 {windows} 个周期，其中 {ran_out} 个用完。",
    "judged_sliding": "{label}：记录中有 {lasted} 天够用，用完过 {ran_out} 次。",
    "alarms": "  误报“用完”：占时间的 {false_alarms}，"
    "出现在未用完的 {lasted} 个周期中的 {windows_with_false_alarms} 个。",
    "alarms_sliding": "  误报“用完”：占时间的 {false_alarms}，"
    "出现在够用的 {lasted} 天中的 {windows_with_false_alarms} 天。",
    "told_sliding": "  提前告知：{ran_out} 次中的 {told_before} 次；通常提前 {before}。"
    "误报“够用”：占时间的 {false_lasts}。",
    "told": "  提前告知：{ran_out} 个中的 {told_before} 个；提前一天以上：{told_a_day_before} 个；通常提前 {before}。"
    "误报“够用”：占时间的 {false_lasts}。",
    "exact": "  最后一天预计时刻的误差：{error_hours_on_the_last_day:.1f} 小时（中位数）；"
    "实际时刻有 {inside_the_range} 落在所给范围内。",
    "exact_sliding": "  预计时刻的误差：{error_hours_on_the_last_day:.1f} 小时（中位数）；"
    "实际时刻有 {inside_the_range} 落在所给范围内。",
    "silent": "  未作判断：占时间的 {unknown}。",
    "days": "{:.1f} 天",
    "hours": "{:.0f} 小时",
    "few_hours": "{:.1f} 小时",
    "window": "{}，至 {}：{}",
    "window_so_far": "{}，至 {}：最后一次读数 {}",
    "used_up": "，{} 用完",
    "no_window": "没有记录到有结束时间的周期。",
}

PREVIEW = {
    "own": "以下是各预设样式的效果，使用你自己的数据（{}）。不会发起任何请求。",
    "acted": "你的套餐目前的状态：{}。其余状态为演示，部分数字为虚构。",
    "made_up": "以下是各预设样式的效果，数字均为虚构，与你的套餐无关。不会发起任何请求。",
    "yours": "自定义格式",
    "tooltip": "提示框（与预设无关）：",
    "choose": "选择一种：codingplan-bar config set format compact",
    "theme.yours": "当前",
    "theme.chosen": "{}（{}）",
    "theme.of": "{}：{}",
    "theme.made_up": "还没有保存的用量，以下均为虚构数字。",
    "theme.none": "没有读到状态栏的配色，由自带的配色代替。",
    "theme.none_chosen": "这是当前设置。没有读到状态栏的配色，由自带的配色代替。",
    "theme.choose": "选择一种并查看更多效果：codingplan-bar theme 名称",
    "offline": "无法连接控制台。",
    "offline.hint": "请检查网络。",
}

ALERTS = {
    "title": "{plan} {titles}",
    "days": "{} 天",
    "hours": "{} 小时",
    "days.quota": "{} 天额度",
    "hours.quota": "{} 小时额度",
    "weekly": "周额度",
    "monthly": "月额度",
    "warning": "{window}已用 {percent}%",
    "critical": "{window}已用 {percent}%",
    "exhausted": "{window}已用完",
    "free": "{window}已恢复",
    "pack": "{window}已用完，正在使用用量包",
    "pack.warning": "用量包已用 {percent}%",
    "pack.critical": "用量包已用 {percent}%",
    "runs_out": "{window}预计 {when} 用完，比重置早 {early}",
    "runs_out.sliding": "{window}预计 {when} 用完",
    "lapse": "{window}约 {percent}% 将在 {left}后作废",
    "plan_ends": "套餐将于 {when} 到期",
    "at": "{}",
    "on": "{}",
    "renew plan": "请在控制台续订，或改选其他套餐。",
    "not renewed": "该套餐已无法续费，请在控制台选购 Token Plan。",
    "signed_out": "请登录控制台",
    "signed_out.invalid_cookie": "Cookie 请求头无效",
    "signed_out.no_key": "没有 API Key",
    "signed_out.no_tool": "bl 不可用",
    "signed_out.no_file": "登录文件不可用",
    "signed_out.shut": "无法读取浏览器的 Cookie",
    "session_ends": "登录即将失效",
    "left": "剩余 {left} / {total} {unit}",
    "unit.requests": "次请求",
    "unit.credits": "Credits",
    "of_the_team": "（团队总额度，不是你的席位额度）",
    "no_limit": "不限量",
    "resets": "{when} 重置",
    "ended": "登录已失效。",
    "sign in": "请在浏览器中重新登录控制台，下次刷新自动恢复。",
    "renew": "失效时间：{when}。请在此之前重新登录控制台，"
    "或改用 AccessKey，一劳永逸：codingplan-bar login --with-access-key",
}

LOGIN = {
    "address": "请在本机浏览器中打开此页面并登录：",
    "address.elsewhere": "请打开此页面并登录；浏览器须能访问本机 127.0.0.1 的端口 {}：",
    "forward": (
        "如果浏览器在另一台机器上，请先在那台机器运行（HOST 是本机的名称）：\n  ssh -N -L {0}:127.0.0.1:{0} HOST"
    ),
    "allow": "浏览器可能会问是否允许控制台访问此设备上的其他应用和服务：请选择“允许”。",
    "opened": "已在浏览器中打开该页面。",
    "not opened": "未能打开浏览器，请自行打开上面的地址。",
    "waiting": "正在等待登录，剩余 {}。按 Ctrl-C 结束。",
    "silence": (
        "尚未收到任何内容。若已选择“阻止”：请在浏览器的网站设置中允许访问，按 Ctrl-C 结束后重新开始。"
        "Safari 不支持此方式。"
        "不使用浏览器：codingplan-bar login --with-access-key，或用 --token-stdin 从标准输入提供令牌。"
        "浏览器中已有的登录会话也可直接使用，无需 login。"
    ),
    "arrived": "已收到登录信息。",
    "nowhere": "标准输出已关闭，无法显示登录地址。请在终端中重新运行。",
    "too late": "{} 分钟内未收到登录信息。请重新开始：codingplan-bar login",
    "port": "无法使用 127.0.0.1 的端口 {}：{}。请用 --port 指定其他端口，或省略该选项。",
    "page.arrived": "已登录",
    "page.arrived.text": "可以关闭此标签页。结果请见终端。",
    "page.refused": "未登录",
    "page.refused.text": "该请求不属于正在等待的登录。请在终端重新开始。",
    "accepted": "服务端已接受该登录。",
    "refused": "该登录未保存。",
    "kept": "该登录已保存。",
    "kept elsewhere": "登录保存在 {}，因为 {} 只读或已满。",
    "kept until logout": (
        "登录保存在 {}，因为 {} 只读或已满。注销系统后它会消失。要长期保存，请让该文件夹可写，"
        "再运行 `codingplan-bar login`。"
    ),
    "unproven": "该登录已保存，但服务端尚未确认。",
    "which site?": ("该账号属于哪个站点？\n  intl：国际站（alibabacloud.com）\n  cn：中国站（aliyun.com）\n[intl] "),
    "type id": "AccessKey ID：",
    "type secret": "AccessKey Secret（不显示）：",
    "pair": "正在使用此处的 AccessKey 登录：{}。",
    "keep?": "状态栏可能看不到 shell 中的变量。是否将 AccessKey 保存到本程序的私有文件？[y/N] ",
    "variables": "状态栏可能看不到 shell 中的变量：可用 --keep 将 AccessKey 保存到本程序的私有文件。",
    "not asked": "只要设置 source 为 {}，就不会使用该登录。",
    "no argument": "login 不接受参数。令牌请用 --token-stdin 提供；AccessKey 请在终端输入。",
    "one way": "--token-stdin、--with-access-key 与浏览器选项不能同时使用：请只选一种方式。",
    "only with a pair": "--profile 和 --keep 须与 --with-access-key 一起使用。",
    "no port": "--port 须为 1 到 65535 的数字。",
    "no browser's port": "浏览器不允许网页访问该端口。请换一个，例如 --port 8123。",
    "no site": "请指定站点：{0} --site intl（国际站，alibabacloud.com），或 {0} --site cn（中国站，aliyun.com）。",
    "no answer": "没有得到回答。指定配置则不再提问：codingplan-bar login --with-access-key --profile NAME",
    "neither site": "没有这个站点，请输入 intl 或 cn。",
    "no store": (
        "没有打开浏览器，本机也没有浏览器的 Cookie。请改用：codingplan-bar login --with-access-key，"
        "或 codingplan-bar login --no-browser"
    ),
    "no pipe": "--token-stdin 从文件或管道读取：codingplan-bar login --token-stdin < FILE",
    "no token": "标准输入中没有令牌：请只发送令牌本身。",
    "nothing typed": "没有输入任何内容，而登录需要 AccessKey。",
    "mistyped": "输入有误：AccessKey ID 和 Secret 只含字母和数字。",
    "no profile": "--profile 须带名称：--profile aliyun:NAME 或 --profile bl:NAME。",
    "no argument of logout": "logout 不带参数：codingplan-bar logout 或 codingplan-bar logout --all。",
    "forgotten": "已清除该登录。",
    "nothing kept": "没有由 `login` 保存的登录。",
    "nothing stored": "没有可删除的会话、用量和历史记录文件。",
    "all gone": "已删除会话、用量和历史记录的文件。",
    "stays": "未删除：{1} 中的 {0}。要删除它：codingplan-bar config unset {0}",
    "variable stays": "未删除：环境变量 {0}。要删除它：unset {0}",
    "stays in codexbar": "未删除：{1} 中 CodexBar 的 {0}。",
    "not known": "无法读取 {}，不知道其中是否有 cookie_header 或 api_key。",
    "used next": "下次刷新可能使用：{}",
    "in file": "{1} 中的 {0}",
    "switched off": '已在 {} 中设置 cookie_source = "off"：不再读取任何浏览器。',
    "back": "重新登录：codingplan-bar login",
    "back by browser": "重新读取浏览器：codingplan-bar config set cookie_source auto",
    "variable wins": "环境变量 {} 已设置，且优先于该文件：请一并移除。",
    "not switched off": '请自行在 {} 中写入 cookie_source = "off"：{}。',
    "left alone by all": "未改动：bl 的登录、阿里云工具的文件，以及你的浏览器本身。",
    "left alone": "未改动：bl 的登录、阿里云工具的文件，以及你的浏览器（下次刷新仍会读取其登录会话）。",
    "console": "请在浏览器中登录控制台：",
    "looking": "正在等待浏览器中出现登录会话，剩余 {}。按 Ctrl-C 结束。",
    "found": "已在 {} 中找到登录会话。",
    "again": "{}正在重试，最多 {} 秒。",
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
