"""Numbers to words, in two languages. Knows no bar and no clock of its own."""

from __future__ import annotations

import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

DASH = "–"

ENGLISH = {
    "five_hour": "5 hours",
    "weekly": "Week",
    "monthly": "Month",
    "five_hour.short": "5h",
    "weekly.short": "wk",
    "monthly.short": "mo",
    "ok": "ok",
    "warning": "warning",
    "critical": "critical",
    "active": "active",
    "stale": "stale",
    "error": "error",
    "signed_out": "sign in",
    "now": "now",
    "minutes": "{} min",
    "hours": "{} h",
    "days": "{} d",
    "ago": "{} ago",
    "left": "left",
    "used": "used",
    "total": "total",
    "reset_at": "resets",
    "left_of": "{} of {} left",
    "rolling": "frees up within 5 h",
    "resets": "resets in {} ({})",
    "unknown_since": "unknown since {}",
    "updated": "updated {}",
    "not_updated": "not updated yet",
    "clock": "the clock went back",
    "failed": "Refresh failed: {}",
    "ends": "ends {}",
    "no_windows": "The plan is active; the provider gives no counters for it.",
    "open": "Open the console",
    "refresh": "Refresh now",
    "copy": "Copy as JSON",
    "sign_in": "Sign in to the console",
    "preferences": "Edit the settings",
    "weekdays": "Mon Tue Wed Thu Fri Sat Sun",
    "date": "{month}/{day}",
    "plan": "Coding Plan",
    "missing_credentials": "sign in",
    "invalid_cookie": "bad cookie",
    "login_required": "sign in",
    "invalid_credentials": "not accepted",
    "api_key_unavailable": "key cannot read",
    "not_authorised": "no right",
    "endpoint_rejected": "bad override",
    "rate_limited": "asked to wait",
    "network": "offline",
    "api_error": "provider error",
    "bad_response": "unreadable answer",
    "no_plan": "no plan",
    "config": "bad setting",
    "internal": "defect",
    "starting": "starting",
}

CHINESE = {
    "five_hour": "5 小时",
    "weekly": "本周",
    "monthly": "本月",
    "five_hour.short": "5时",
    "weekly.short": "周",
    "monthly.short": "月",
    "ok": "正常",
    "warning": "偏高",
    "critical": "告急",
    "active": "有效",
    "stale": "过时",
    "error": "错误",
    "signed_out": "请登录",
    "now": "刚刚",
    "minutes": "{} 分钟",
    "hours": "{} 小时",
    "days": "{} 天",
    "ago": "{}前",
    "left": "剩余",
    "used": "已用",
    "total": "总量",
    "reset_at": "重置于",
    "left_of": "剩 {} / {}",
    "rolling": "5 小时内陆续释放",
    "resets": "{}后重置({})",
    "unknown_since": "{} 起未知",
    "updated": "更新于{}",
    "not_updated": "尚未更新",
    "clock": "系统时钟被调回",
    "failed": "刷新失败:{}",
    "ends": "{} 到期",
    "no_windows": "套餐有效,但服务端未给出用量。",
    "open": "打开控制台",
    "refresh": "立即刷新",
    "copy": "复制为 JSON",
    "sign_in": "登录控制台",
    "preferences": "编辑设置",
    "weekdays": "周一 周二 周三 周四 周五 周六 周日",
    "date": "{month}月{day}日",
    "plan": "Coding Plan",
    "missing_credentials": "请登录",
    "invalid_cookie": "Cookie 无效",
    "login_required": "请登录",
    "invalid_credentials": "凭据无效",
    "api_key_unavailable": "密钥无法查询",
    "not_authorised": "无权限",
    "endpoint_rejected": "地址被拒",
    "rate_limited": "请求受限",
    "network": "网络不通",
    "api_error": "服务端错误",
    "bad_response": "无法解析",
    "no_plan": "无套餐",
    "config": "设置有误",
    "internal": "程序缺陷",
    "starting": "启动中",
}


def words_for(language: str, environ: Mapping[str, str]) -> dict[str, str]:
    """The words of `en` or `zh`; `auto` is the locale's: LC_ALL before LC_MESSAGES before LANG."""
    if language == "auto":
        language = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or "en"
    return CHINESE if language.startswith("zh") else ENGLISH


def count(number: float) -> str:
    """Requests, with thousands set apart; the provider counts whole ones."""
    return f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"


def percent(value: float) -> str:
    """A percentage that never rounds to a nothing or an all that is none."""
    return "<1%" if 0 < value < 1 else f"{whole_percent(value)}%"


def whole_percent(value: float) -> int:
    """A percentage as a whole number, where 100 is all of it and no less."""
    return 99 if 99 < value < 100 else round(value)


def duration(seconds: float, words: Mapping[str, str]) -> str:
    """A time span in its two largest units, minutes at the least."""
    minutes = int(seconds) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [("days", days), ("hours", hours), ("minutes", minutes)]
    shown = [words[unit].format(number) for unit, number in parts if number][:2]
    if days and not hours:
        shown = shown[:1]
    return " ".join(shown) or words["minutes"].format("<1")


def clock(instant: float, now: float, words: Mapping[str, str]) -> str:
    """A time of day in the user's zone, with its day where that is not today: within a week its name, else its date."""
    then, today = time.localtime(instant), time.localtime(now)
    hour = f"{then.tm_hour:02}:{then.tm_min:02}"
    if then[:3] == today[:3]:
        return hour
    if abs(instant - now) < 6 * 86_400:
        return f"{words['weekdays'].split()[then.tm_wday]} {hour}"
    return f"{day(instant, words)} {hour}"


def day(instant: float, words: Mapping[str, str]) -> str:
    """A date in the user's zone."""
    then = time.localtime(instant)
    return words["date"].format(month=then.tm_mon, day=then.tm_mday)


def bar(share: float, cells: int) -> str:
    """A share of 0 to 1 as a bar; any use at all shows a cell, and a full bar is full use."""
    filled = int(share * cells)
    if share > 0:
        filled = max(filled, 1)
    return "▰" * filled + "▱" * (cells - filled)


def width(text: str) -> int:
    """How many columns a text takes: East Asian wide characters take two."""
    return sum(2 if "\u1100" <= char <= "\u115f" or "\u2e80" <= char <= "\uffe6" else 1 for char in text)


def padded(text: str, columns: int) -> str:
    """The text, filled up with spaces to that many columns."""
    return text + " " * (columns - width(text))
