"""`manual`: the page that an installation by pipx or uv puts where no `man` looks; as plain text without `man`."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping

from codingplan_bar import process, resources
from codingplan_bar.commands import output
from codingplan_bar.words import tidied

_REQUEST = re.compile(r"\.(?:SH|TP|br|PP|RS|RE|B|I|BR|RI|RB|IR|TH)\b ?")


def manual(environ: Mapping[str, str] = os.environ) -> int:
    """Show the page by `man` in a terminal; as plain text elsewhere, and where there is no `man`."""
    page = resources.document("codingplan-bar.zh.1" if output.language_of(environ) == "zh" else "codingplan-bar.1")
    if output.columns() and shutil.which("man", path=environ.get("PATH")):
        return process.in_terminal(["man", str(page)], environ) or 0
    return output.put(plain(page.read_text("utf-8")))


def plain(page: str, columns: int = 80) -> str:
    """A page of roff's man macros (groff_man(7)) as text of that width."""
    text = PlainPage(columns)
    for line in page.splitlines():
        name = line[:3].strip() if line.startswith(".") else ""
        text.take(name, _unescaped(_REQUEST.sub("", line)))
    text.flush()
    return "\n".join(text.lines).strip("\n")


class PlainPage:
    """The lines so far, and the paragraph that is being read."""

    def __init__(self, columns: int) -> None:
        """Nothing is read yet."""
        self.columns, self.lines, self.words = columns, [""], list[str]()
        self.depth, self.is_term, self.below_term = 0, False, False

    def take(self, name: str, text: str) -> None:
        """One line of the page: `name` is its request, empty for text."""
        if name in ("", ".B", ".I", ".BR", ".RI", ".RB", ".IR"):
            joined = name in (".BR", ".RI", ".RB", ".IR")
            self.words.append(text.replace(" ", "") if joined else text)
            if self.is_term:
                self.flush(term=True)
            return
        self.flush()
        self.depth += {".RS": 1, ".RE": -1}.get(name, 0)
        self.is_term = name == ".TP"
        self.below_term = self.below_term and name not in (".SH", ".PP")
        if name in (".SH", ".PP"):
            self.lines.append("")
        if name == ".SH":
            self.lines.append(text)

    def flush(self, *, term: bool = False) -> None:
        """End the paragraph; a term stands to the left of what is said of it."""
        margin = 2 + 4 * self.depth + (4 if self.below_term and not term else 0)
        if text := tidied(" ".join(self.words)):
            self.lines += [" " * margin + line for line in output.broken(text, self.columns - margin)]
        self.words, self.is_term, self.below_term = [], False, self.below_term or term


def _unescaped(text: str) -> str:
    return text.replace("\\&", "").replace("\\:", "").replace("\\(aq", "'").replace("\\-", "-").replace("\\e", "\\")
