"""The words of `preview` in simplified Chinese."""

from __future__ import annotations

WORDS = {
    "own": "以下是各预设样式的效果，使用您自己的数据（{}）。不会发起任何请求。",
    "acted": "您的套餐目前处于其中一种状态（{}）；其余状态为演示，必要时使用虚构数字。",
    "made_up": "以下是各预设样式的效果，数字均为虚构，与您的套餐无关。不会发起任何请求。",
    "yours": "自定义格式",
    "tooltip": "提示框",
    "choose": '在设置中选择一种：format = "compact"。详见 docs/templates.md。',
    "offline": "无法连接控制台。",
    "offline.hint": "请检查网络。",
}
