"""The READMEs, the manual page, the completions, SECURITY.md and the pictures say what is true, and no more."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from support.rows import for_each
from support.showroom.sheets import GAP, PANELS, SCENES

from codingplan_bar.bars import BARS
from codingplan_bar.commands.command_table import COMMANDS
from codingplan_bar.commands.live_page.drawing import GRAPHIC
from codingplan_bar.settings.settings import SETTINGS
from codingplan_bar.themes import LEAST, contrast

REPOSITORY = Path(__file__).parent.parent
ENGLISH, CHINESE = ((REPOSITORY / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))
SAME = {
    "pictures": r"!\[[^]]*\]\(([^)]+)\)",
    "links": r"\]\((?!README|#)([^)]+)\)",
    "blocks of code": r"```sh\n(.*?)```",
    "settings and their defaults": r"^\| `([a-z_]+)` \| (`[^|]*`) \|",
    "commands with their options": r"^\| (`[a-z]+[^`|]*(?:\|[^`|]*)*`) \| [^|]+ \|$",
    "bars": r"^\| [^|]+ \| `codingplan-bar ([a-z0-9-]+)`",
    "states": r"^\| `(ok|warning|active|stale|signed_out|error)`",
    "variables": r"`([A-Z][A-Z_]{5,})`",
    "sections": r"^(##) ",
}


@pytest.mark.parametrize("what", SAME)
def test_both_have_the_same(what):
    texts = (ENGLISH, CHINESE.replace(".zh-CN.md", ".md"))
    found = [re.findall(SAME[what], text, re.MULTILINE | re.DOTALL * ("code" in what)) for text in texts]
    assert found[0]
    assert found[0] == found[1]


@pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["english", "chinese"])
def test_each_names_every_command_setting_and_bar(text):
    assert all(f"| `{command.name}" in text for command in COMMANDS if not command.hidden)
    assert all(f"| `{name}` |" in text for name in SETTINGS)
    assert all(f"codingplan-bar {bar}`" in text or f"`{bar}`" in text for bar in BARS)


def test_every_option_of_a_command_is_named():
    rows = {row[1]: row[0] for row in re.finditer(r"^\| `([a-z]+)[ `][^\n]*", ENGLISH, re.MULTILINE)}
    for command in COMMANDS:
        for option in command.options:
            assert command.hidden or option.hidden or option.name in rows[command.name], option


def test_every_local_link_leads_somewhere():
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", ENGLISH + CHINESE)
    assert all((REPOSITORY / link).exists() for link in links)


# The pages of docs/: they name only commands that there are, and lead only to what there is.

DOCS = REPOSITORY / "docs"
PAGES = sorted(DOCS.glob("*.md"))
TWINS = sorted(DOCS.glob("*.zh-CN.md"))
OPTIONS = {command.name: {option.name for option in command.options} for command in COMMANDS}


def wrong_commands(text):
    """The commands and options in a page's code that there are not."""
    code = re.findall(r"```sh\n(.*?)```|(?<!`)`([^`\n]+)`", text, re.DOTALL)
    for words in re.findall(r"codingplan-bar ((?:[^\s|&;)`'\"]+ ?)+)", "\n".join(map("".join, code))):
        name, *rest = words.split()
        known = OPTIONS.get(name, {"--watch"} if name in BARS else None)
        if re.fullmatch("[a-z][a-z0-9-]*", name) and known is None:
            yield name
        yield from (
            f"{name} {word}" for word in rest if word.startswith("--") and word not in {*(known or ()), "--watch"}
        )


@for_each("page", [*PAGES, REPOSITORY / "README.md", REPOSITORY / "README.zh-CN.md"], ids=lambda p: p.name)
def test_a_page_names_only_commands_and_options_that_there_are(page):
    assert [*wrong_commands(page.read_text("utf-8"))] == []
    assert [*wrong_commands("`codingplan-bar nonsense` and `codingplan-bar fetch --nonsense`")] == [
        "nonsense",
        "fetch --nonsense",
    ]


@for_each("page", PAGES, ids=lambda p: p.name)
def test_every_link_of_a_page_leads_somewhere(page):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    assert [link for link in links if not (DOCS / link).exists()] == []


@pytest.mark.parametrize("chinese", TWINS, ids=lambda p: p.name)
def test_a_chinese_page_has_the_commands_of_its_english_one(chinese):
    one, other = (path.read_text("utf-8") for path in (chinese, chinese.with_name(chinese.name.replace(".zh-CN", ""))))
    blocks = r"```sh\n(.*?)```"
    assert re.findall(blocks, one, re.DOTALL) == re.findall(blocks, other, re.DOTALL)
    assert one.count("\n| ") == other.count("\n| ")


def test_each_page_has_a_chinese_one_and_each_leads_to_the_other():
    english = [page for page in PAGES if page not in TWINS and page.name != "index.md"]
    assert [page.with_suffix(".zh-CN.md") for page in english] == TWINS
    for page in english:
        twin = page.with_suffix(".zh-CN.md")
        assert f"[简体中文]({twin.name})" in page.read_text("utf-8")
        assert f"[English]({page.name})" in twin.read_text("utf-8")


@pytest.mark.parametrize("page", [*TWINS, REPOSITORY / "README.zh-CN.md"], ids=lambda p: p.name)
def test_a_chinese_page_leads_to_chinese_pages_or_says_that_they_are_english(page):
    text = page.read_text("utf-8").replace(f"[English]({page.name.replace('.zh-CN', '')})", "")
    english = re.findall(r"\]\((?:docs/)?([\w-]+\.md)[^)]*\)(?!（英文）)", text)
    assert [name for name in english if (DOCS / name).exists()] == []


FIGURES = {"comparison.md", "forecast.md", "browsers.md"}
"""Pages whose tables have measured figures."""


@pytest.mark.parametrize("english", [p for p in PAGES if p not in TWINS and p.name != "index.md"], ids=lambda p: p.name)
def test_both_pages_have_the_same_names_in_code(english):
    """Placeholders, variables, settings, commands, test names; and the same figures in their tables."""
    texts = [page.read_text("utf-8") for page in (english, english.with_suffix(".zh-CN.md"))]
    names = [sorted(set(re.findall(r"`(\{[\w.:]+\}|[A-Z]+_[A-Z_]+|test_\w+|[a-z]+_[a-z_]+)`", text))) for text in texts]
    assert names[0] == names[1]
    tables = [re.findall(r"^\|.*$", text, re.MULTILINE) for text in texts]
    figures = [[sorted(re.findall(r"\d+(?:[.,]\d+)*", row)) for row in table] for table in tables]
    assert english.name not in FIGURES or figures[0] == figures[1]


def test_the_site_has_each_page_once():
    named = re.findall(r"([\w.-]+\.md)$", (REPOSITORY / "mkdocs.yml").read_text("utf-8"), re.MULTILINE)
    assert sorted(named) == [page.name for page in PAGES]


TABLES = [
    path
    for path in (
        *REPOSITORY.glob("*.md"),
        *(REPOSITORY / "docs").rglob("*.md"),
        *REPOSITORY.glob("integrations/**/*.md"),
    )
    if re.search(r"^\|", path.read_text("utf-8"), re.MULTILINE)
]


@for_each("page", TABLES, ids=[str(path.relative_to(REPOSITORY)) for path in TABLES])
def test_each_row_of_a_table_has_as_many_cells_as_its_head(page):
    tables = re.findall(r"(?:^\|.*\n)+", page.read_text("utf-8") + "\n", re.MULTILINE)
    cells = [[len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()] for table in tables]
    assert [row for row in cells if len(set(row)) > 1] == []


@pytest.mark.parametrize("page", sorted(DOCS.glob("scripts*.md")), ids=lambda p: p.name)
def test_what_cron_or_a_desktop_starts_is_named_by_its_path(page):
    started = re.findall(r"^(?:[\d*]+(?: [\d*]+){4}|bind.*exec,?) (\S+)", page.read_text("utf-8"), re.MULTILINE)
    assert set(started) == {"~/.local/bin/codingplan-bar"}


# The manual page and the completions say what the commands and settings are, and a reader understands them.


def reference():
    """The script beside the documentation, as a module."""
    spec = importlib.util.spec_from_file_location("reference", DOCS / "reference.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["reference"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "name",
    [
        "codingplan-bar.1",
        "codingplan-bar.zh.1",
        "config.example.toml",
        "completions/codingplan-bar.bash",
        "completions/_codingplan-bar",
    ],
)
def test_a_written_page_is_what_would_be_written_now(name, programs):
    """`python docs/reference.py` writes it anew."""
    written = {path.resolve(): text for path, text in reference().files().items()}
    assert (DOCS / name).read_text("utf-8") == written[(DOCS / name).resolve()]


def test_the_manual_has_every_command_option_and_setting_that_is_no_secret_of_ours():
    manual = reference().manual()
    assert all(f".B {command.name}" in manual for command in COMMANDS if not command.hidden)
    assert not any(f".B {command.name}" in manual for command in COMMANDS if command.hidden)
    assert all(reference().escaped(name) in manual for name in SETTINGS)


@pytest.mark.parametrize("name", ["codingplan-bar.1", "codingplan-bar.zh.1"])
def test_a_reader_of_manuals_finds_nothing_wrong_with_it(name, programs):
    reader = shutil.which("man")
    if not reader:
        absent = pytest.fail if os.environ.get("CODINGPLAN_BAR_REQUIRE_ALL") == "1" else pytest.skip
        absent("needs man: apt install man-db")
    page = str(DOCS / name)
    environ = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANROFFSEQ": "", "MANWIDTH": "80"}
    done = subprocess.run([reader, "--warnings=all", "-l", page], env=environ, capture_output=True, check=True)
    assert done.stderr == b""
    assert b"codingplan-bar" in done.stdout


# SECURITY.md promises nothing that no test holds: every test that it names is there, and each row of the attack.


PAGE = (REPOSITORY / "SECURITY.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/.]+)`", PAGE)))


def test_every_promise_names_a_test():
    section = PAGE.partition("## What is promised to you")[2].partition("\n## ")[0]
    _, _, *promises = [line for line in section.splitlines() if line.startswith("|")]
    assert len(promises) >= 12
    assert all("`tests/" in row.removesuffix(" |").rpartition("| ")[2] for row in promises)


def test_each_figure_is_of_a_row_of_the_attack_and_nothing_gave_way():
    """`make attack` writes them."""
    attacks = (REPOSITORY / "tests/attack/table.py").read_text("utf-8")
    tried = re.findall(r'^    Attack\("([^"]+)"', attacks, re.MULTILINE)
    figures = PAGE.partition("| tried | how much |")[2].partition("\n\n")[0].splitlines()[2:]
    assert len(tried) >= 13
    assert len(figures) >= 10
    for name, _, held, gave_way, seconds, pythons in (re.split(r" *\| *", line.strip("| ")) for line in figures):
        assert name in tried
        assert (int(held.replace(",", "")) > 0, gave_way, int(seconds) > 0) == (True, "0", True)
        assert re.fullmatch(r"3\.\d+\.\d+(, 3\.\d+\.\d+)*|not noted", pythons)


@for_each("name", NAMED)
def test_each_of_them_is_there(name):
    path = REPOSITORY / name
    files = [path] if path.suffix else list(path.rglob("test_*.py"))
    assert any(re.search(r"^ *(async )?def test_", file.read_text("utf-8"), re.MULTILINE) for file in files)


# The pictures of docs/looks.md: their colours, measured on their pixels, and their sizes.


PICTURES = DOCS / "pictures"
PICTURED = ("waybar", "polybar", "tmux", "i3status-rust", "i3blocks")
LARGEST, LARGEST_IN_ALL = 150_000, 1_200_000
LEAST_ROW = 16
CELL, GAP_OF_WORDS, THICKEST = 17, 9, 5
"""Pixels of a terminal's row, between two words at the least, and of a bar's height at the most."""


def rows(bar, panel, *, whole=False):
    """The rows of a panel, each as the colours in it, or `whole`: those that begin with the palette's ground."""
    with Image.open(PICTURES / f"{bar}.png") as picture:
        seen = picture.convert("RGB")
    width = (seen.width - 3 * GAP) // 2
    left = GAP + PANELS.index(panel) % 2 * (width + GAP)
    pixels = seen.crop((left, 0, left + width, seen.height)).tobytes()
    lines = [pixels[at : at + 3 * width] for at in range(0, len(pixels), 3 * width)]
    ground = bytes.fromhex(panel.theme.ground[1:])
    kept = [line for line in lines if line.startswith(4 * ground)]
    return kept if whole else [{line[at : at + 3] for at in range(0, len(line), 3)} for line in kept]


def hexed(pixel):
    return "#" + pixel.hex()


@for_each("panel", PANELS, ids=lambda panel: panel.name)
@for_each("bar", PICTURED)
def test_each_state_has_a_line_and_its_strongest_pixel_stands_out(bar, panel):
    found = rows(bar, panel)
    assert len(found) >= LEAST_ROW * len(SCENES)
    height = len(found) // len(SCENES)
    ground = panel.theme.ground
    weak = {}
    for number, name in enumerate(SCENES):
        band = {pixel for row in found[number * height : (number + 1) * height] for pixel in row}
        strongest = max(contrast(hexed(pixel), ground) for pixel in band)
        if strongest < LEAST:
            weak[name] = round(strongest, 2)
    assert weak == {}


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.name)
@pytest.mark.parametrize("bar", ["waybar", "tmux", "i3blocks"])
def test_each_colour_of_the_palette_is_drawn_and_stands_out(bar, panel):
    """In bold letters, which have pixels of the whole colour; what is old is drawn with thin strokes."""
    drawn = {pixel for row in rows(bar, panel) for pixel in row}
    low = {}
    for state, color in panel.colors.items():
        wanted = bytes.fromhex(color[1:])
        near = min(drawn, key=lambda pixel: sum((a - b) ** 2 for a, b in zip(pixel, wanted, strict=True)))
        ratio = contrast(hexed(near), panel.theme.ground)
        if ratio < LEAST or max(abs(a - b) for a, b in zip(near, wanted, strict=True)) > 24:
            low[state] = (color, hexed(near), round(ratio, 2))
    assert low == {}


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.name)
@pytest.mark.parametrize("page", ["status", "page"])
def test_the_states_colour_is_drawn_on_a_terminal_page_and_stands_out(page, panel):
    """Each panel shows one state; old numbers and a pack in use have no colour of their own.

    `status` asks no terminal for its ground: its colours fill bars, and a sign's ground, alone.
    """
    least = GRAPHIC if page == "status" else LEAST
    drawn = {pixel for row in rows(page, panel) for pixel in row}
    assert max(contrast(hexed(pixel), panel.theme.ground) for pixel in drawn) >= LEAST
    colorful = [pixel for pixel in drawn if max(pixel) - min(pixel) > 60]
    strongest = max((contrast(hexed(pixel), panel.theme.ground) for pixel in colorful), default=least)
    assert strongest >= least


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.name)
@pytest.mark.parametrize("page", ["status", "page", "history"])
def test_each_word_of_a_terminal_page_stands_out_the_secondary_ones_too(page, panel):
    found = words(page, panel)
    assert len(found) > 5
    assert {place: ratio for place, ratio in found.items() if ratio < (GRAPHIC if page == "history" else LEAST)} == {}


def words(page, panel):
    """The contrast of each word's strongest pixel, by its row of the page and its first column; bars are none."""
    told = {}
    lines, ground = rows(page, panel, whole=True), bytes.fromhex(panel.theme.ground[1:])
    for row in range(len(lines) // CELL):
        band = [[line[at : at + 3] for at in range(0, len(line), 3)] for line in lines[row * CELL : (row + 1) * CELL]]
        for left, right in spans([any(line[x] != ground for line in band) for x in range(len(band[0]))]):
            drawn = [set(line[left:right]) - {ground} for line in band]
            if sum(map(bool, drawn)) > THICKEST:
                told[row, left] = max(contrast(hexed(pixel), panel.theme.ground) for line in drawn for pixel in line)
    return told


def spans(drawn):
    """Where something is drawn, as pairs of columns with a gap of a whole character between them."""
    found = []
    for x, is_drawn in enumerate(drawn):
        if is_drawn:
            found[-1:] = (
                [*found[-1:], (x, x + 1)] if not found or x - found[-1][1] > GAP_OF_WORDS else [(found[-1][0], x + 1)]
            )
    return found


def test_the_pictures_are_few_and_small():
    sizes = [(PICTURES / f"{bar}.png").stat().st_size for bar in (*PICTURED, "status", "page", "history")]
    assert max(sizes) < LARGEST
    assert sum(sizes) < LARGEST_IN_ALL
