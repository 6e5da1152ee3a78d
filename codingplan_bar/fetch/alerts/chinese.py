"""The words of the alerts in Chinese."""

from __future__ import annotations

WORDS = {
    "five_hour": "5 小时",
    "weekly": "本周",
    "monthly": "本月",
    "warning": "{window}：已用 {percent} %",
    "critical": "{window}：已用 {percent} %",
    "exhausted": "{window}：已用完",
    "free": "{window}：又有额度了",
    "signed_out": "请登录控制台",
    "left": "剩余 {left} / {total} 次请求",
    "resets": "{when} 重置",
    "how": "会话已结束。请在浏览器中登录，下一次刷新会自动恢复。",
}
