"""Configuration in polybar's own ini form: read into sections and keys, written back."""

from __future__ import annotations

from pathlib import Path

Sections = dict[str, dict[str, str]]


def read_ini(text: str) -> Sections:
    """Sections with their keys, in order; included files are read where they are named (`include-file`)."""
    sections: Sections = {}
    _read_into(sections, "", text)
    return sections


def write_ini(sections: Sections) -> str:
    """The text of an ini file with these sections."""
    parts = []
    for name, keys in sections.items():
        parts += [f"[{name}]", *(f"{key} = {value}" for key, value in keys.items()), ""]
    return "\n".join(parts)


def _read_into(sections: Sections, section: str, text: str) -> None:
    for line in (raw.strip() for raw in text.split("\n")):
        if not line or line[0] in ";#":
            continue
        if line.startswith("["):
            section = line.strip("[]")
            sections.setdefault(section, {})
            continue
        key, value = (part.strip() for part in line.split("=", 1))
        if key == "include-file":
            _read_into(sections, section, Path(value).read_text(encoding="utf-8"))
        else:
            sections[section][key] = value
