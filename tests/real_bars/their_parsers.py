"""xbar's own parser in Go and Argos' own in gjs read what the product prints: do they see what our models of them see?

    python tests/real_bars/their_parsers.py --xbar FOLDER --argos FOLDER

Each FOLDER is a checkout of that program, wherever whoever runs this has one; nothing of it is copied into this
repository. xbar's needs `go` and its modules, Argos' needs `gjs`. Every state of the golden files, and every hostile
text as a plan's name, a message and a hint, is tried; the exit code is 1 where one is read otherwise.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.golden_cases import CASES
from support.grammar import argos, xbar
from support.hostile import HOSTILE
from support.judging import printed
from support.scenes import Scene, answer

from codingplan_bar.model import Plan, Problem

GO = """\
package plugins

import (
    "context"
    "encoding/json"
    "os"
    "strings"
    "testing"
)

type seen struct {
    Text string
    Level int
    Separator bool
    Run []string
    Href string
    Refresh bool
}

func walk(items []*Item, level int, found *[]seen) {
    for _, item := range items {
        run := []string{}
        if item.Params.Shell != "" {
            run = append([]string{item.Params.Shell}, item.Params.ShellParams...)
        }
        *found = append(*found, seen{
            item.DisplayText(), level, item.Params.Separator, run, item.Params.Href, item.Params.Refresh})
        walk(item.Items, level+1, found)
        if item.Alternate != nil {
            walk([]*Item{item.Alternate}, level, found)
        }
    }
}

func TestRead(t *testing.T) {
    outputs := []string{}
    text, _ := os.ReadFile(os.Getenv("OUTPUTS"))
    if err := json.Unmarshal(text, &outputs); err != nil {
        t.Fatal(err)
    }
    all := []map[string]interface{}{}
    for _, output := range outputs {
        items, err := (&Plugin{}).parseOutput(context.Background(), "x", strings.NewReader(output))
        bar, menu := []seen{}, []seen{}
        walk(items.CycleItems, 0, &bar)
        walk(items.ExpandedItems, 0, &menu)
        all = append(all, map[string]interface{}{"dead": err != nil, "bar": bar, "menu": menu})
    }
    text, _ = json.Marshal(all)
    os.WriteFile(os.Getenv("SEEN"), text, 0o600)
}
"""
GJS = """\
var {GLib} = imports.gi;
const outputs = JSON.parse(new TextDecoder().decode(GLib.file_get_contents(ARGV[0])[1]));
const all = outputs.map(output => output.split("\\n").filter(line => line.trim().length > 0).map(parseLine));
GLib.file_set_contents(ARGV[1], JSON.stringify(all));
"""


def outputs(bar: str) -> dict[str, str]:
    """What the product prints for every state and every hostile text, by what it is."""
    scenes = dict(CASES)
    for name, text in HOSTILE.items():
        problem, settings = Problem("network", text, text), 'format = "full"'
        scenes[f"hostile: {name}"] = Scene(replace(answer(), plan=Plan(text)), problem, settings, later=3_600)
        scenes[f"hostile, as numbers: {name}"] = Scene(replace(answer(), plan=Plan(text)))
    return {name: printed(bar, scene.view()) for name, scene in scenes.items()}


def by_xbar(folder: Path, texts: list[str], room: Path) -> list[object]:
    """What xbar's parser sees in each."""
    shutil.copytree(folder / "pkg", room / "pkg")
    (room / "pkg/plugins/our_read_test.go").write_text(GO, "utf-8")
    seen = _run(["go", "test", "-count=1", "-run", "TestRead", "."], room / "pkg/plugins", texts, room)
    lists = [(each["dead"], each["bar"], each["menu"]) for each in seen]
    return [
        (dead, [(item["Text"], item["Level"], item["Separator"], *_actions(item)) for item in bar + menu])
        for dead, bar, menu in lists
    ]


def _actions(item: dict[str, object]) -> tuple[object, ...]:
    return shlex.join(item["Run"]) if item["Run"] else "", item["Href"], item["Refresh"]


def by_argos(folder: Path, texts: list[str], room: Path) -> list[object]:
    """What Argos' parser sees in each, its imports of the shell cut away."""
    source = next(folder.rglob("utilities.js")).read_text("utf-8")
    source = re.sub(r"^import .*$", "", source, flags=re.MULTILINE).replace("export ", "")
    script = room / "read.js"
    stand_ins = 'const EMOJI = {}, Config = {PACKAGE_VERSION: "46"};'
    script.write_text(f"{stand_ins}\n{source}\n{GJS}", "utf-8")
    seen = _run(["gjs", str(script), str(room / "outputs"), str(room / "seen")], room, texts, room)
    return [
        [(_plain(line), line["menuLevel"], line["isSeparator"], line.get("bash", "")) for line in lines]
        for lines in seen
    ]


def _plain(line: dict[str, str]) -> str:
    return "" if line["isSeparator"] else html.unescape(re.sub(r"<[^>]*>", "", line["markup"]))


def _run(command: list[str], folder: Path, texts: list[str], room: Path) -> list[dict]:
    (room / "outputs").write_text(json.dumps(texts), "utf-8")

    environ = {**os.environ, "OUTPUTS": str(room / "outputs"), "SEEN": str(room / "seen")}
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    if not (room / "seen").exists():
        sys.exit(f"{shlex.join(command)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return json.loads((room / "seen").read_text("utf-8"))


def model_of_xbar(output: str) -> object:
    """The same by our model."""
    menu = xbar.read(output.encode())
    found = []
    for item in menu.bar + menu.items:
        actions = {action.kind: action.command for action in item.actions}
        said = ("" if item.separator else item.text, item.level, item.separator)
        found.append((*said, actions.get("run", ""), actions.get("open", ""), "refresh" in actions))
    return menu.dead, found


def model_of_argos(output: str) -> object:
    """The same by our model, the first separator between bar and menu put back."""
    menu = argos.read(output.encode())
    items = [_item_of_argos(item) for item in menu.bar]
    return [*items, ("", 0, True, ""), *(_item_of_argos(item) for item in menu.items)] if menu.items else items


def _item_of_argos(item: object) -> tuple[object, ...]:
    runs = next((action.command for action in item.actions if action.kind == "run"), "")
    return "" if item.separator else item.text, item.level, item.separator, runs


def compared(bar: str, folder: Path) -> int:
    """How many are read otherwise; each is printed."""
    said = outputs(bar)
    read, model = {"xbar": (by_xbar, model_of_xbar), "argos": (by_argos, model_of_argos)}[bar]
    with tempfile.TemporaryDirectory() as room:
        theirs = read(folder.resolve(), list(said.values()), Path(room))
    wrong = 0
    for (name, output), seen in zip(said.items(), theirs, strict=True):
        ours = model(output)
        if seen != ours:
            wrong += 1
            print(f"{bar}, {name}:\n  theirs {seen}\n  ours   {ours}")
    print(f"{bar}: {len(said)} read, {wrong} otherwise")
    return wrong


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    for bar in ("xbar", "argos"):
        parser.add_argument(f"--{bar}", type=Path, metavar="FOLDER")
    named = {bar: folder for bar, folder in vars(parser.parse_args()).items() if folder}
    if not named:
        parser.error("name at least one folder")
    return min(1, sum(compared(bar, folder) for bar, folder in named.items()))


if __name__ == "__main__":
    sys.exit(main())
