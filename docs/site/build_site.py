"""Builds the site of the documentation in build/docs/site; ``make docs`` runs it.

Pages lie in build/docs/pages as they do in the repository, so that a link is the same on a repository's host and here.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from site_gallery import gallery
from site_pages import LINK, Pages
from site_reference import reference

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
OUTPUT = ROOT / "build" / "docs"
WRITTEN = ("*.md", "docs/*.md", "envs/*/README.md")
AS_THEY_ARE = ("docs/images/*", "docs/site/*.css", "docs/site/*.svg", "envs/*/images/*")


def main() -> None:
    """Builds the site, or ends with what is wrong with its pages."""
    shutil.rmtree(OUTPUT, ignore_errors=True)
    made = assemble(OUTPUT / "pages")
    complain_about([*unlisted(made), *dangling(OUTPUT / "pages", made)])
    shutil.copy(HERE / "zensical.toml", OUTPUT)
    render()


def assemble(folder: Path) -> set[str]:
    """Writes all pages, and copies what they show.

    Returns:
        The pages that the navigation has to list, by their paths in the folder.
    """
    pages = Pages(ROOT, folder)
    for name in _found(WRITTEN):
        pages.add(name, (ROOT / name).read_text())
    for name, text in {"gallery.md": gallery(ROOT), **reference(HERE / "reference.toml")}.items():
        pages.add(name, text)
    listed = set(pages.names)
    pages.add_sources()
    for name in _found(AS_THEY_ARE):
        copy = folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy)
    return listed


def unlisted(made: set[str]) -> list[str]:
    """Pages that are in no group of the navigation, each with what to do."""
    navigation = tomllib.loads((HERE / "zensical.toml").read_text())["project"]["nav"]
    return [f"{name} is in no group of nav in docs/site/zensical.toml." for name in sorted(made - _leaves(navigation))]


def dangling(folder: Path, made: set[str]) -> list[str]:
    """Links and pictures of pages that lead nowhere. Zensical itself looks at pages and their headings alone."""
    links = ((name, link[1]) for name in sorted(made) for link in LINK.finditer((folder / name).read_text()))
    return [
        f"{name} leads to {target}, which is not there."
        for name, target in links
        if not (folder / name).parent.joinpath(target).resolve().is_file()
    ]


def render() -> None:
    """Makes the site of the pages. A warning is an error, also one about a docstring, at which Zensical goes on."""
    command = [sys.executable, "-m", "zensical", "build", "--strict"]
    done = subprocess.run(command, cwd=OUTPUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    sys.stdout.write(done.stdout)
    complain_about([line for line in done.stdout.splitlines() if line.startswith("griffe: ")])
    sys.exit(done.returncode)


def complain_about(faults: list[str]) -> None:
    """Ends the program if there are faults."""
    if faults:
        sys.exit("\n".join(faults))


def _found(patterns: tuple[str, ...]) -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for pattern in patterns for path in ROOT.glob(pattern))


def _leaves(navigation: Any) -> set[str]:
    """The pages in a navigation: a path, or lists of them by their titles."""
    if isinstance(navigation, str):
        return {navigation}
    inner = navigation.values() if isinstance(navigation, dict) else navigation
    return set().union(*map(_leaves, inner))


if __name__ == "__main__":
    main()
