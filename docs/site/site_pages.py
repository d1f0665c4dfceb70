"""Pages of the repository as pages of the site."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath

LINK = re.compile(r"\]\((?!\w+:|#)([^)#\s]+)")
"""A link or a picture of the repository, without the heading that it may lead to."""

PICTURE = re.compile(r'<img src="([^"]*)" width="(\d+)" alt="([^"]*)">')
LINKED_PICTURE = re.compile(r'<a href="([^"]*)">(.*?)</a>')
KEPT = {".md", ".png", ".svg", ".webp"}
LANGUAGES = {".py": "python", ".json": "json", ".toml": "toml", ".cff": "yaml"}
HIDDEN = "---\nsearch:\n  exclude: true\n---\n\n"
"""What keeps a page out of the search."""


class Pages:
    """The pages of the site, which it writes into a folder.

    Args:
        root: Of the repository.
        folder: Where to write them.

    Attributes:
        names: Paths of the pages in the folder.
    """

    def __init__(self, root: Path, folder: Path) -> None:
        self.names: list[str] = []
        self._root = root
        self._folder = folder
        self._sources: set[str] = set()

    def add(self, name: str, text: str) -> None:
        """Writes a page: links to sources lead to pages of them, and pictures in HTML become pictures in Markdown.

        Args:
            name: Its path, from which its links go.
            text: In Markdown.
        """
        text = PICTURE.sub(r"![\3](\1){ width=\2 }", text)
        text = LINKED_PICTURE.sub(r"[\2](\1)", text)
        self._write(name, LINK.sub(lambda link: f"]({self._target(name, link[1])}", text))

    def add_sources(self) -> None:
        """Writes a page for each source that the others link: a file, or all Python files of a folder."""
        for source in sorted(self._sources):
            path = self._root / source
            files = sorted(path.glob("*.[jp][sy]*")) if path.is_dir() else [path]
            shown = "".join(map(self._listing, files))
            self._write(_page_of(source), f"{HIDDEN}# {source}\n\n{shown}")

    def _write(self, name: str, text: str) -> None:
        self.names.append(name)
        page = self._folder / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text)

    def _target(self, page: str, target: str) -> str:
        name = os.path.normpath(PurePosixPath(page).parent / target)
        path = self._root / name
        if path.suffix in KEPT:
            return target
        if name == "envs":
            return _relative("gallery.md", page)
        if (path / "README.md").exists():
            return f"{target.rstrip('/')}/README.md"
        self._sources.add(name)
        return _relative(_page_of(name), page)

    def _listing(self, file: Path) -> str:
        language = LANGUAGES.get(file.suffix, "text")
        return f'```{language} title="{file.relative_to(self._root)}"\n{file.read_text(encoding="utf-8")}```\n\n'


def _page_of(source: str) -> str:
    return f"sources/{source.lstrip('.')}.md"


def _relative(name: str, page: str) -> str:
    return os.path.relpath(name, PurePosixPath(page).parent)
