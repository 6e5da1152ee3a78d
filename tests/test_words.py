"""The words for people: an error is a key with facts, and both languages say the same of it."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest
from support.rows import for_each
from support.scenes import Scene, failure
from support.sources import forget, nodes

import codingplan_bar
from codingplan_bar import errors
from codingplan_bar.bars import tooltip
from codingplan_bar.bars.phrases import words_for
from codingplan_bar.commands.command_table import COMMANDS
from codingplan_bar.errors import CODES, CodingPlanError
from codingplan_bar.model import Problem
from codingplan_bar.settings.settings import SETTINGS
from codingplan_bar.words import tidied
from codingplan_bar.words.en.errors import ERRORS as ENGLISH
from codingplan_bar.words.en.errors import STORES as ENGLISH_STORES
from codingplan_bar.words.errors import LISTS, english, error_text, found, in_language
from codingplan_bar.words.zh.errors import ERRORS as CHINESE
from codingplan_bar.words.zh.errors import STORES as CHINESE_STORES
from codingplan_bar.words.zh.help import HELP
from codingplan_bar.words.zh.settings import MEANS

PACKAGE = Path(codingplan_bar.__file__).parent
ZH, EN = words_for("zh", {}), words_for("en", {})
GAPS = re.compile(r"\{(\w*)\}")
OWN = {*(PACKAGE / "settings").glob("*.py")}
"""A wrong setting has words of its own."""
FACTS = {
    "day": "Nov 26, 2026",
    "status": "503",
    "seconds": "12",
    "limit": "4",
    "host": "bailian.console.aliyun.com",
    "file": "snapshot.json",
    "reason": "No space left on device",
    "problem": "It contains no name=value pair.",
    "fields": "RequestId, data, requestId",
    "windows": "five_hour (used is missing), weekly (total is 0)",
    "browsers": "Chrome and Firefox",
    "said": "Throttling.User: Request was denied",
    "state": "the keyring is locked",
    "step": "Unlock the keyring, then try again. Or paste a Cookie header into config.toml.",
}
"""What stands in a gap, each as the code gives it; any other gap has a name of its kind."""
NAMES = re.compile(
    r"`[^`]*`|\"\w+\"|codingplan-bar\[socks\]"
    r"|https?(://\S*)?|\b[A-Z0-9]{2,}(_[A-Z0-9]+)*\b|\b[a-z_]+ = \"\w*\"|[\w./]*[/_.][\w./]*|\bxn--|\b\w+=\w+"
    r"|\b(Alibaba|AccessKey|AliyunCodingPlanReadOnlyAccess|modelstudio:GenerateCLIAccessToken|Chrome|Edge|Coding|Plan"
    r"|Cookie|Credits|Token|Key|Secret|Node|bailian-cli|browser-cookie3|codingplan-bar|config|issue|profile|schema|region|TOML"
    r"|shell|PowerShell|ticket|copy as fetch|copy as cURL|web|Firefox|IPv6|cURL|KiB|MiB|PySocks)\b"
)
"""What a Chinese sentence has in Latin letters: names, commands, settings, and terms."""


def facts_of(pattern):
    return {name: FACTS.get(name, f"{name}_1") for name in GAPS.findall(pattern)}


def classes(tree=CodingPlanError):
    return [each for branch in tree.__subclasses__() for each in (branch, *classes(branch))]


def teardown_module():
    forget()


def raised():
    """Each place that makes an error, as its file and line, with the class, the key and the keywords."""
    names = {each.__name__ for each in classes()}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in nodes(path):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names and node.args and path not in OWN:
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node


def keys_of(node):
    """The keys that an expression can be: a text, or either side of a choice; none where it is computed."""
    if isinstance(node, ast.IfExp):
        return keys_of(node.body) + keys_of(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) else []


def test_every_error_names_a_key_and_gives_all_its_facts():
    wrong = []
    for place, node in raised():
        given = {keyword.arg for keyword in node.keywords}
        hints = [key for keyword in node.keywords if keyword.arg == "hint" for key in keys_of(keyword.value)]
        for key in keys_of(node.args[0]) + [hint for hint in hints if hint]:
            lacking = set(GAPS.findall(ENGLISH.get(key, ""))) - given
            wrong += [f"{place}: {key}"] * (key not in ENGLISH) + [f"{place}: {key} lacks {name}" for name in lacking]
        wrong += [f"{place}: a sentence, not a key"] * isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
    assert wrong == []


def test_both_languages_have_the_same_keys_with_the_same_facts():
    for one, other in ((ENGLISH, CHINESE), (ENGLISH_STORES, CHINESE_STORES)):
        assert list(one) == list(other)
        assert {key: sorted(GAPS.findall(one[key])) for key in one} == {
            key: sorted(GAPS.findall(other[key])) for key in one
        }


def test_no_two_sentences_are_alike():
    assert len({*ENGLISH.values()}) == len(ENGLISH)


@for_each("key", ENGLISH)
def test_a_stored_sentence_is_found_again_with_its_facts(key):
    facts = facts_of(ENGLISH[key])
    assert found(english(key, facts)) == (key, facts)


@for_each("key", {**ENGLISH, **ENGLISH_STORES})
def test_in_chinese_no_english_is_left_but_names(key):
    pattern = {**ENGLISH, **ENGLISH_STORES}[key]
    facts = {**facts_of(pattern), **({"said": "服务繁忙"} if "{said}" in pattern else {})}
    told = in_language(pattern.format(**facts), ZH)
    assert all(fact in told for name, fact in facts.items() if name in {"status", "host", "file", "said"})
    for fact in sorted(
        {*facts.values(), *facts["fields"].split(", ")} if "fields" in facts else facts.values(), key=len
    ):
        told = told.replace(fact, "")
    assert re.findall("[A-Za-z]{2,}", NAMES.sub("", told)) == []


def test_facts_are_told_in_chinese_too():
    left_out = in_language("Left out: five_hour (used is missing), weekly (total is 0).", ZH)
    assert left_out == "未采用：每 5 小时（缺少已用数）、每周（总额度为 0）。"
    shut = english("session.shut.hint", facts_of(ENGLISH["session.shut.hint"]))
    assert in_language(shut, ZH).endswith(
        "的 Cookie：密钥环已锁定。请解锁密钥环后再试。也可以把 Cookie 请求头粘贴到 config.toml 中。"
    )
    assert in_language("Cannot write a: No space left on device.", ZH) == "无法写入 a：磁盘空间不足。"
    assert (
        in_language("The Cookie header in X is not valid. It is empty.", ZH) == "X 中的 Cookie 请求头无效。内容为空。"
    )


def test_what_the_server_said_stays_as_it_is_and_a_strange_sentence_is_never_shown():
    assert in_language("The server reported an error: Busy, sorry", ZH) == "服务端返回错误：Busy, sorry"
    assert error_text("network", "A sentence of tomorrow.", "A step of tomorrow.", ZH) == (
        CHINESE["network"],
        CHINESE["network.hint"],
    )
    assert error_text("network", "A sentence of tomorrow.", "A step.", EN) == ("A sentence of tomorrow.", "A step.")
    assert error_text("of_tomorrow", "What was said.", "What to do.", ZH) == ("What was said.", "What to do.")


def test_a_sentence_that_was_cut_is_found_by_what_is_left():
    long = english("answer.no_quota", {"fields": [f"field{number}" for number in range(60)]})
    told = in_language(long[:159] + "…", ZH)
    assert told.startswith("响应中没有本版本能读取的用量数据。字段：field0、field1")
    assert "…" in told
    assert in_language("Open any page in your browser: a portal, a fil…", ZH) == CHINESE["stranger.hint"]
    assert in_language("The server reported an error: " + "x" * 99 + "…", ZH) == f"服务端返回错误：{'x' * 99}…"


@for_each("key", {**ENGLISH, **ENGLISH_STORES})
def test_a_sentence_that_was_cut_anywhere_can_be_said(key):
    """The refresh says it for the bars: what was taken is a sign, and no reason to fail."""
    pattern = {**ENGLISH, **ENGLISH_STORES}[key]
    whole = pattern.format(**facts_of(pattern))
    for length in range(len(whole)):
        said = whole[:length] + "…"
        assert (in_language(said, ZH) or said).count("{") == 0


@for_each("each", classes(), ids=lambda each: each.__name__)
def test_an_error_takes_its_own_step_else_that_of_its_key_else_that_of_its_class(each):
    assert each("deadline", seconds=1).hint == ENGLISH[each.step or f"{each.code}.hint"]
    assert each("tool.missing").hint == ENGLISH["tool.missing.hint"]
    assert each("tool.missing", hint="tool.update.hint").hint == ENGLISH["tool.update.hint"]
    assert each("tool.missing", hint="").hint == ""
    assert each.code in CODES


@pytest.mark.parametrize(
    ("error", "happened", "step"),
    [
        (errors.ApiError("answer.status", status=500), "服务端返回错误（HTTP 500）。", "请稍后再试"),
        (errors.UnknownRoute("answer.unknown", status=404), "服务端没有这个地址（HTTP 404）。", "请稍后再试"),
        (errors.BadResponse("answer.no_json"), "响应不是 JSON", "提交到 issue"),
        (errors.NetworkFailure("host.refused", host="h"), "h 拒绝连接。", "请检查网络"),
        (errors.NetworkFailure("host.certificate", host="h"), "h 的证书不受信任。", "`ca_bundle`"),
        (errors.NetworkFailure("host.unresolved", host="h"), "找不到 h 的地址（DNS）。", "请检查网络和 DNS。"),
        (errors.MissingCredentials("session.off"), 'cookie_source 为 "off"', "config set cookie_source auto"),
        (errors.MissingCredentials("tool.missing"), "未安装官方工具 `bl`。", "npm install -g bailian-cli"),
        (
            errors.ConfigError("certificates.unreadable", hint="variable.hint", variable="V"),
            "V 指定的证书文件",
            "请修改或取消设置 V。",
        ),
        (
            errors.StorageFailure("storage", file="f", reason="File exists"),
            "无法写入 f：文件已存在。",
            "XDG_CACHE_HOME",
        ),
        (errors.NoPlan("no_plan.ended", day="Jan 1, 2025"), "套餐已于2025年1月1日到期。", "请改用有套餐的账号登录"),
    ],
)
def test_a_bar_in_chinese_says_what_happened_and_the_step_that_helps(error, happened, step):
    said = failure(Problem(error.code, error.message, error.hint))
    assert tooltip.note_lines(Scene(said).view()) == [error.message, error.hint]
    told = Scene(said, settings='language = "zh"').view().problem
    assert told[0].startswith(happened)
    assert step in told[1]


@pytest.mark.parametrize(
    ("loose", "tight"),
    [
        ("12月5日 到期", "12月5日到期"),
        ("12 小时 30 分钟 后失效", "12 小时 30 分钟后失效"),
        ("预计 周二 用完", "预计周二用完"),
        ("预计 19:45 用完", "预计 19:45 用完"),
        ("未作改动。 请重试。", "未作改动。请重试。"),
        ("名称 （ x ）", "名称（x）"),
        ("in English, all stays", "in English, all stays"),
        ("a folder (/… or ~/…)", "a folder (/… or ~/…)"),
        ("文件夹（/… 或 ~/…）", "文件夹（/…或 ~/…）"),
        ("周  76%", "周  76%"),
    ],
)
def test_no_space_is_left_between_chinese_characters_or_beside_a_full_width_mark(loose, tight):
    assert tidied(loose) == tight


def test_lists_are_named_by_their_facts():
    assert {name for pattern in ENGLISH.values() for name in GAPS.findall(pattern)} >= LISTS - {"choices"}


# The glossary as a law: one word for one thing, no riddles, and sentences that are read once.

NO_ENGLISH = re.compile(
    r"\b(?:[Nn]obody|anew|somebody else|puts? (?:it )?aside|(?<![Tt]here )(?:is|are) none"
    r"|(?<![Tt]here )is no (?!longer\b|more\b)\w+)\b"
)
NO_CHINESE = re.compile(r"您|密钥(?!环)(?! ?[|]|$)|服务商|服务方|秘密|机密|询问|凭据|地域|区域|用尽|本周|本月|\d %")
MOST_WORDS, MOST_CHARACTERS = 25, 50
SENTENCES = re.compile(r"(?<=[.:;?!])\**\s+|\n\n")
CLAUSES = re.compile(r"[。；？！：\n]")
CODE = re.compile(r"`[^`]*`")
NO_PROSE = re.compile(r"^( *)```.*?^\1```$|<!--.*?-->|^\|[-| :]+\|$", re.MULTILINE | re.DOTALL)
BREAKS = re.compile(r"^\s*(?:[-*]|\d+\.|\|) | \|(?: |$)|^#+ .*$", re.MULTILINE)
"""Where a page's sentence ends without a mark: at an item of a list, a cell of a table, a heading."""
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
ROOT = Path(__file__).parent.parent


def told(language):
    """Each text for people in one language, by its place: the tables of words, and what `--help` and settings say."""
    for path in sorted((PACKAGE / "words" / language).glob("*.py")):
        for node in nodes(path):
            pairs = zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ()
            texts = [(key.value, value.value) for key, value in pairs if isinstance(value, ast.Constant)]
            yield from ((f"{path.name}: {key}", text) for key, text in texts)
    if language == "en":
        yield from ((row.name, row.text) for row in COMMANDS)
        yield from ((f"{row.name} {option.name}", option.text) for row in COMMANDS for option in row.options)
        yield from ((name, setting.means) for name, setting in SETTINGS.items())


def docstrings():
    """Each docstring of the package, by its place, and each text that stands below a constant."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in nodes(path):
            if (
                isinstance(node, ast.Expr)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node.value.value


PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("integrations/*/*.md")]


def pages(language):
    """Each line of a page for users, by its place; what stands in code marks is no sentence."""
    for path in sorted(PAGES):
        is_chinese = ".zh-CN" in path.name
        if is_chinese == (language == "zh") and path.name not in ("CHANGELOG.md", "CONTRIBUTING.md"):
            lines = CODE.sub("", path.read_text("utf-8")).splitlines()
            yield from ((f"{path.relative_to(ROOT)}:{number}", line) for number, line in enumerate(lines, start=1))


@pytest.mark.parametrize(("language", "forbidden"), [("en", NO_ENGLISH), ("zh", NO_CHINESE)])
@pytest.mark.parametrize("texts", [told, pages])
def test_no_text_for_people_has_a_word_that_the_glossary_forbids(texts, language, forbidden):
    assert [f"{place}: {found[0]}" for place, text in texts(language) if (found := forbidden.search(text))] == []


@pytest.mark.parametrize(("language", "question"), [("en", "Did you mean"), ("zh", "是否想写")])
def test_the_question_for_what_was_perhaps_meant_stands_in_one_place(language, question):
    folder = PACKAGE / "words" / language
    assert sum(path.read_text("utf-8").count(question) for path in folder.glob("*.py")) == 1


def test_no_docstring_has_a_word_that_the_glossary_forbids():
    texts = ((place, " ".join(text.split())) for place, text in docstrings())
    assert [(place, found[0]) for place, text in texts if (found := NO_ENGLISH.search(text))] == []


def test_a_sentence_is_read_once():
    long = [
        (place, sentence)
        for place, text in told("en")
        for sentence in SENTENCES.split(text)
        if len(sentence.split()) > MOST_WORDS
    ]
    long += [
        (place, clause)
        for place, text in told("zh")
        for clause in CLAUSES.split(text)
        if len(re.findall("[\u4e00-\u9fff]", clause)) > MOST_CHARACTERS
    ]
    assert long == []


SAME = re.compile(
    r"--[a-z][\w-]*|\b[a-z0-9-]+(?:\.[a-z0-9]+)+\b|(?<![\w#.])\d+(?:\.\d+)*\b|\{[^}]*\}|\bsetup\b|`[^`]+`"
)
"""What both languages have: options, hosts and files, numbers, gaps, the word `setup`, and what is in code marks."""
NAMED_OTHERWISE = {"name.five_hour", "region_fallback"}


def twins():
    """Each text for people in both languages, by its key."""
    for file in ("", ".commands", ".doctor", ".errors", ".settings", ".setup"):
        one, other = (vars(import_module(f"codingplan_bar.words.{language}{file}")) for language in ("en", "zh"))
        for name in (name for name, each in one.items() if name.isupper() and isinstance(each, dict)):
            yield from ((key, text, other[name][key]) for key, text in one[name].items())
    yield from ((row.name, row.text, HELP[row.name]) for row in COMMANDS)
    options = ((f"{row.name} {each.name}", each) for row in COMMANDS for each in row.options)
    yield from ((key, option.text, HELP.get(key) or HELP[option.name]) for key, option in options)
    yield from ((name, setting.means, MEANS[name]) for name, setting in SETTINGS.items())


def test_both_languages_name_the_same_options_hosts_numbers_and_commands():
    told_of = {key: [sorted(SAME.findall(text)) for text in texts] for key, *texts in twins()}
    differ = {key: found for key, found in told_of.items() if found[0] != found[1]}
    assert set(differ) == NAMED_OTHERWISE, differ


def prose(page):
    """A page's paragraphs, items and cells, apart from each other; a piece of code in a sentence is one word of it."""
    text = LINK.sub(r"\1", CODE.sub("code", NO_PROSE.sub("\n\n", page)))
    return BREAKS.sub("\n\n", text)


def test_a_sentence_of_a_page_is_read_once():
    long = [
        f"{path.name}: {' '.join(sentence.split())}"
        for path in sorted(PAGES)
        if ".zh-CN" not in path.name and path.name != "CHANGELOG.md"
        for sentence in SENTENCES.split(prose(path.read_text("utf-8")))
        if len(sentence.split()) > MOST_WORDS
    ]
    assert long == []


def test_the_law_of_pages_tells_sentences_apart():
    page = "# Head\n\n- one `a b` two\n- [three](x)\n\n| four | five. Six |\n| --- | --- |\n```\nno words\n```\nlast"
    pieces = [" ".join(each.split()) for each in SENTENCES.split(prose(page))]
    assert [each for each in pieces if each] == ["one code two", "three", "four", "five.", "Six", "last"]


@pytest.mark.parametrize(
    ("text", "is_allowed"),
    [
        ("Nobody is asked.", False),
        ("It is no TOML.", False),
        ("The header is none.", False),
        ("It is read anew.", False),
        ("There is no plan, and there is none of it; it is no longer read.", True),
    ],
)
def test_the_law_of_words_knows_what_it_forbids(text, is_allowed):
    assert (NO_ENGLISH.search(text) is None) == is_allowed
