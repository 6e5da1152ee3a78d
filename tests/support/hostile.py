"""Hostile texts: a corpus by name, of characters and of tags, and a hypothesis strategy that varies and joins them.

Each stands for a plan's name, a server's message or a file's name: text from outside that a bar must show as text.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

ESC = "\x1b"

CONTROLS = {
    "CR": "a\rb",
    "LF": "line1\nline2",
    "CR LF": "a\r\nb",
    "LF first": "\nb",
    "LF last": "a\n",
    "LF LF": "a\n\nb",
    "NUL": "a\0b",
    "NUL first": "\0a",
    "TAB": "a\tb",
    "VT": "a\vb",
    "FF": "a\fb",
    "BEL": "a\ab",
    "BS": "abc\b\b\bx",
    "DEL": "a\x7fb",
    "FS GS RS US": "a\x1cb\x1dc\x1ed\x1fe",
    "SUB": "a\x1ab",
    "C0": "".join(map(chr, range(1, 32))),
    "ESC alone": f"a{ESC}",
    "ESC colour": f"a{ESC}[31mR{ESC}[0m",
    "ESC and BEL": f"a{ESC}[31mR{ESC}[0m\a\b\tb",
    "CSI clear": f"{ESC}[2J{ESC}[Hx",
    "CSI up": f"{ESC}[1A{ESC}[2Kx",
    "CSI hidden": f"{ESC}[8mx",
    "CSI unfinished": f"a{ESC}[",
    "OSC title": f"{ESC}]0;title\ax",
    "OSC link": f"{ESC}]8;;https://example.invalid/{ESC}\\click{ESC}]8;;{ESC}\\",
    "OSC clipboard": f"{ESC}]52;c;cHduZWQ=\ax",
    "OSC unfinished": f"a{ESC}]0;x",
    "DCS": f'{ESC}P$q"p{ESC}\\x',
    "ESC reset": f"{ESC}cx",
    "C1 CSI": "a\x9b31mR",
    "C1 OSC": "\x9d0;title\x9cx",
    "C1": "".join(map(chr, range(128, 160))),
    "NEL": "a\x85b",
    "LS": "a\u2028---\u2028b",
    "PS": "a\u2029b",
}

DIRECTION = {
    "RLO": "\u202egnp.exe\u202c \u05e9\u05dc\u05d5\u05dd 42",
    "RLO unclosed": "\u202e42 max",
    "LRO": "\u202d42",
    "embedding": "\u202a\u202b42",
    "isolates": "\u2066a\u2067b\u2068c",
    "isolates closed": "\u2067a\u2069",
    "isolate end": "\u2069\u202c",
    "marks": "\u200e\u200f\u061c42",
    "Hebrew": "\u05e9\u05dc\u05d5\u05dd",
    "Arabic": "\u0645\u0631\u062d\u0628\u0627 42",
    "Arabic digits": "\u0664\u0662%",
    "Arabic letter form": "\ufdfd",
}

INVISIBLE = {
    "zero width": "a\u200b\u200c\u200d\ufeffb",
    "zero width only": "\u200b\u200b",
    "BOM": "\ufeffmax",
    "word joiner": "a\u2060\u2061\u2062b",
    "soft hyphen": "a\xadb",
    "tag characters": "a\U000e0041\U000e0042\U000e007f",
    "variation selectors": "a\ufe0e\ufe0f\U000e0100",
    "Hangul filler": "\u3164\uffa0\u115f",
    "braille blank": "\u2800\u2800",
    "no-break space": "a\xa0\u202f\u2007b",
    "spaces": "   ",
    "space kinds": "\u2000\u2001\u2002\u2003\u3000",
    "tab only": "\t",
    "newline only": "\n",
    "empty": "",
    "spaces around": "  max  ",
    "interlinear": "\ufff9a\ufffab\ufffb",
    "object replacement": "\ufffc\ufffd",
}

WIDTH = {
    "long": "L" * 400,
    "long words": "Coding Plan " * 60,
    "a megabyte": "M" * 1_000_000,
    "a megabyte of tags": "<b>%{F#f00}#{x}|" * 65_000,
    "wide": "编程套餐专业版" * 20,
    "long emoji": "🚀" * 100,
    "full width": "ｃｏｄｉｎｇ　ｐｌａｎ",
    "full-width tags": "＜b＞ ＆ ％｛A1:x:｝ ＃｛pid｝ ｜",
    "small forms": "\ufe64b\ufe65 \ufe60 \ufe6a\ufe5bF\ufe5c \ufe5f",
    "ligature": "\ufb00\ufdfa",
    "combining": "e\u0301 n\u0303",
    "combining first": "\u0301a",
    "combining flood": "a" + "\u0301\u0327\u0337" * 100,
    "zalgo": "p\u0355\u0346l\u0489\u0326a\u0361\u0322n\u0488",
    "enclosing": "a\u20dd\u20e0",
    "emoji": "🚀",
    "emoji joined": "\U0001f680\U0001f468\u200d\U0001f469\u200d\U0001f467 max",
    "emoji skin": "👍🏽",
    "emoji flag": "🇨🇳🇩🇪🇫",
    "emoji keycap": "1\ufe0f\u20e3",
    "emoji flag of tags": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "Hangul jamo": "\u1112\u1161\u11ab" * 10,
    "Devanagari": "क्षत्रिय",
    "Thai": "ที่นี่",
    "mathematical": "𝕻𝖗𝖔 𝓶𝓪𝔁",
    "upside down": "xɐɯ",
    "dotless i": "ıİ",
    "long s": "ſﬅ",
    "Chinese": "编程套餐 专业版",
    "umlauts": "Größe",
}

ILLEGAL = {
    "high surrogate": "a\ud800b",
    "low surrogate": "a\udc00b",
    "surrogates reversed": "\udc00\ud800",
    "surrogate at the end": "max\ud83d",
    "surrogate before newline": "\ud83d\n",
    "surrogate of a raw byte": "\udcff\udc80",
    "noncharacter": "a\uffffb",
    "noncharacters": "\ufdd0\ufdef\ufffe\U0001fffe\U0010ffff",
    "private use": "\ue000\uf8ff\U000f0000",
    "unassigned": "\u0378\U000dfffe",
}

CHARACTERS = {**CONTROLS, **DIRECTION, **INVISIBLE, **WIDTH, **ILLEGAL}


PANGO = {
    "ampersand": "A & <b>x</b>",
    "ampersand alone": "&",
    "ampersand at the end": "Max & ",
    "entity": "R&amp;D",
    "entity twice": "R&amp;amp;D",
    "entity unknown": "a&nbsp;b",
    "entity unfinished": "a &lt b",
    "entity numeric": "&#60;b&#62;",
    "entity hexadecimal": "&#x3c;b&#x3e;",
    "entity of NUL": "&#0;",
    "entity of newline": "a&#10;b",
    "less than": "5 < 6",
    "greater than": "6 > 5",
    "tag cut": "A & <b",
    "tag closed only": "</span>",
    "tag of our own closed": "x</b></i></span></tt>",
    "tag never closed": "<b>bold",
    "span": "<span foreground='red' size='xx-large'>BIG</span>",
    "span invisible": '<span alpha="1%">hidden</span>',
    "span after closing": "</span><span size='1'>x</span><span>",
    "bold": "<b>x</b>",
    "link": "<a href='https://example.invalid/'>click</a>",
    "link to a file": '<a href="file:///etc/passwd">open</a>',
    "comment": "a<!-- gone -->b",
    "comment unclosed": "a<!-- gone",
    "CDATA": "<![CDATA[<b>]]>",
    "processing instruction": "<?xml version='1.0'?>x",
    "doctype": "<!DOCTYPE x>y",
    "attribute break-out": "' foreground='red",
    "attribute break-out with double quotes": '" size="xx-large',
    "html image": "<img src=x onerror=alert(1)>",
    "html script": "<script>alert(1)</script>",
    "html break": "a<br>b",
    "angle with combining": "<\u0338b>",
    "ampersand with combining": "&\u0301 <\u0301b>\u0301",
    "tags with combining": "<\u0338b> &\u0301",
    "quotes with combining": "\"\u0301 '\u0301",
}

POLYBAR = {
    "polybar action": "%{A1:touch pwned:}x%{A}",
    "polybar action without button": "%{A:touch pwned:}x%{A}",
    "polybar action right": "%{A3:touch pwned:}x%{A}",
    "polybar action with colon": r"%{A1:echo a\:b > pwned:}x%{A}",
    "polybar action unclosed": "%{A1:touch pwned:}x",
    "polybar action closed only": "x%{A}y",
    "polybar action in several": "%{F#f00 A1:touch pwned:}x%{A F-}",
    "polybar module action": "%{A1:#powermenu.open.0:}x%{A}",
    "polybar colour": "%{F#f00}RED",
    "polybar colour unclosed": "a %{F#ff0000",
    "polybar background": "%{B#ff0000}x%{B-}",
    "polybar reset": "%{F-}%{B-}%{PR}",
    "polybar swap": "%{R}x",
    "polybar underline": "%{u#f00 +u}x%{-u}",
    "polybar overline": "%{+o}x",
    "polybar font": "%{T9}x%{T-}",
    "polybar offset": "%{O-1000}x",
    "polybar align": "%{l}x%{c}y%{r}z",
    "polybar unknown tag": "p %{Zbad} q",
    "polybar opening": "50%{",
    "polybar opening alone": "%{",
    "polybar doubled": "%%{F#f00}x%%",
    "polybar nested": "%{%{F#f00}}x",
    "polybar token": "%output% %pid% %counter% %{I}",
    "percent": "42% %H:%M %%",
    "percent at the end": "100%",
    "strftime": "%Y-%m-%d %s %n %t",
    "colon escape": r"a\:b:c\\:",
}

TMUX = {
    "tmux job": "#(touch pwned)",
    "tmux job unclosed": "#(touch pwned",
    "tmux format": "#{pid}#H#S",
    "tmux format unclosed": "a #{pid",
    "tmux format shell": "#{E:#(touch pwned)}",
    "tmux conditional": "#{?1,yes,no}",
    "tmux loop": "#{S:#{session_name}}",
    "tmux alias": "#H #S #T #W #I #P #F #D #h",
    "tmux style": "#[fg=red,reverse]styled",
    "tmux style unclosed": "a #[fg=red",
    "tmux style unknown": "#[bogus]x",
    "tmux range": "#[range=user|quit]x#[norange]",
    "tmux alignment": "#[align=centre]x",
    "tmux pop": "#[pop-default]#[default]x",
    "tmux hash at the end": "C#",
    "tmux hash doubled at the end": "C##",
    "tmux hash alone": "#",
    "tmux hashes": "C# ## ### #[x] #,a #}b",
    "tmux hashes before style": "###[fg=red]x",
    "tmux hash before combining": "#\u0301{pid}",
}

MENUS = {
    "pipe": "P |bash=/usr/bin/touch param1=pwned refresh=true",
    "pipe shell": "P | shell=touch param1=pwned terminal=false",
    "pipe href": "P | href=https://example.invalid/",
    "pipe eval": "P | eval=global.quit()",
    "pipe colour": "P | color=red size=99",
    "pipe webview": "P | webview=true href=https://example.invalid/",
    "pipe word": "P | q",
    "pipe equals": "P |=q",
    "pipe alone": "|",
    "pipes": "a || b | c=d |",
    "pipe wide": "P ｜ bash=touch",
    "pipe quoted": "P | bash='touch pwned' x=\"",
    "pipe upper case": "P | BASH=touch Param1=pwned",
    "quote unbalanced": "it's",
    "parameters without pipe": "bash=touch param1=pwned",
    "separator": "---",
    "separator indented": "  ---",
    "separator with text": "---x",
    "separator in submenu": "-----",
    "separator with pipe": "--- | color=red",
    "dash": "-",
    "submenu": "--sub",
    "submenu deep": "----sub",
    "submenu indented": " --sub",
    "menu in one text": "a\n---\nb | bash=touch param1=pwned",
    "stream separator": "~~~",
    "stream separator in a text": "a\n~~~\nb",
    "emoji code": "x :rocket: :a: y",
    "symbol code": ":sun.max.fill: :lock:",
    "emoji number": ":100:",
    "colons": "a:b:c::d",
    "markdown": "**bold** _it_ `code` [x](https://example.invalid/)",
    "metadata": "<swiftbar.hideAbout>true</swiftbar.hideAbout>",
    "alternate": "P | alternate=true dropdown=false",
}

LANGUAGES = {
    "backslashes": r"C:\new\table \x41 \u0041",
    "backslash n": r"a\nb",
    "backslash t": r"a\tb",
    "backslash x": r"\x41\x1b[31m",
    "backslash u": r"\u0041\u202e",
    "backslash octal": r"\101\033[31m",
    "backslash at the end": "a\\",
    "backslashes doubled": r"a\\nb\\\\x41",
    "backslash before quote": r"a\"b\'c",
    "quotes": "\"'`“”‘’",
    "quote closes JSON": '"}',
    "JSON field": '","class":"critical","tooltip":"x',
    "JSON object": '{"text":"x"}',
    "JSON array": '["a"]',
    "JSON null": "null",
    "JSON escape": '\\","x":"',
    "JSON comment": "/* a */ // b",
    "shell substitution": "$(touch pwned)",
    "shell backquotes": "`touch pwned`",
    "shell variable": "$HOME ${PATH} $$",
    "shell chain": "; touch pwned & touch pwned || touch pwned",
    "shell redirect": "> pwned < /etc/passwd",
    "shell quotes": "'; touch pwned; '",
    "option": "--help -rf",
    "path": "../../etc/passwd",
    "environment": "CODINGPLAN_BAR_REQUIRE_ALL=1 PATH=",
    "format positional": "{} {0} {1}",
    "format names": "{icon} {text} {percentage} {alt}",
    "format attributes": "{0.__class__} {plan.__init__.__globals__}",
    "format of waybar": "{icon} {} {text}",
    "format spec": "{:>999999999}",
    "format braces": "{{}} }{ {",
    "format percent": "%s %d %n %(name)s",
    "brackets": "[x] [5h] []",
    "placeholder": "#{codingplan_5h}",
    "template jinja": "{{ 7*7 }} {% raw %}",
    "template go": "{{.Plan}}",
    "starship format": "[$output]($style) $symbol",
    "fish": "(touch pwned)",
    "AppleScript": '" & do shell script "touch pwned" & "',
    "SQL": "'; DROP TABLE plans; --",
    "URL": "https://example.invalid/?a=b&c=d",
    "javascript URL": "javascript:alert(1)",
    "CSV": '=HYPERLINK("https://example.invalid/")',
    "TOML": 'a = "b" # c',
    "INI": "[module/x]",
    "number": "1e999",
    "not a number": "NaN",
    "true": "true",
    "null": "None",
}

TAGS = {**PANGO, **POLYBAR, **TMUX, **MENUS, **LANGUAGES}


HOSTILE: dict[str, str] = {**TAGS, **CHARACTERS}

SHORT = [text for text in HOSTILE.values() if len(text) <= 500]
SPECIAL = (
    "\n\r\t\v\f\0\a\b\x1b\x7f\x85\x9b\u2028\u2029\u202e\u2067\u200b\ufeff\u0338\ud800\udc00\uffff"
    "&<>'\"\\|#%{}[]()$`:;=-~ "
)


def hostile_texts(max_size: int = 200) -> st.SearchStrategy[str]:
    """Texts of up to `max_size` characters: those of the corpus, cut, joined, and with special characters put in."""
    one = st.sampled_from(SHORT)
    joined = st.lists(one, min_size=2, max_size=4).map("".join)
    inserted = st.builds(_insert, one, st.text(SPECIAL, min_size=1, max_size=4), st.integers(0, 500))
    cut = st.builds(_cut, one, st.integers(0, 500), st.integers(0, 500))
    special = st.text(SPECIAL, max_size=20)
    anything = st.text(st.characters(), max_size=40)
    return st.one_of(one, joined, inserted, cut, special, anything).map(lambda text: text[:max_size])


def _insert(text: str, addition: str, at: int) -> str:
    place = at % (len(text) + 1)
    return text[:place] + addition + text[place:]


def _cut(text: str, first: int, second: int) -> str:
    start, end = sorted((first % (len(text) + 1), second % (len(text) + 1)))
    return text[start:end]


Row = TypeVar("Row")
IS_WHOLE = os.environ.get("CODINGPLAN_BAR_TEST_TABLES") == "all"


def sample(rows: Sequence[Row], step: int) -> Sequence[Row]:
    """All rows for `make attack`, else the first of each `step`."""
    return rows if IS_WHOLE else rows[::step]
