"""The words of `history` in Chinese."""

from __future__ import annotations

WORDS = {
    "nothing": "这段时间没有记录。从现在起，每次取得数字的刷新都会记录下来。",
    "written": "已写入 {}",
}
