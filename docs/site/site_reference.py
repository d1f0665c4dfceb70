"""Pages of the reference, which mkdocstrings fills from docstrings without importing anything."""

from __future__ import annotations

import tomllib
from pathlib import Path


def reference(declaration: Path) -> dict[str, str]:
    """The pages of the reference.

    Args:
        declaration: The TOML file that says which pages there are, and which names each describes.

    Returns:
        Markdown of each page by its path, and an index.
    """
    declared = tomllib.loads(declaration.read_text(encoding="utf-8"))
    pages = {f"reference/{name}.md": _page(**page) for name, page in declared.items()}
    rows = "".join(f"| [{page['title']}]({name}.md) | {page['about']} |\n" for name, page in declared.items())
    pages["reference/index.md"] = (
        "# Reference\n\nWhat is [public](../docs/promises.md#versions), from the docstrings of the sources. Commands "
        f"say what they do by `--help`.\n\n| page | about |\n|---|---|\n{rows}"
    )
    return pages


def _page(title: str, about: str, names: list[str]) -> str:
    return "\n\n".join([f"# {title}", about, *(f"::: {name}" for name in names)]) + "\n"
