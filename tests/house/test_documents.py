"""The pages of the root and of docs/ name only what there is: links, files, commands, and Python that can be read."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from blendgym.cli import COMMANDS

ROOT = Path(__file__).parents[2]
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *DOCS]
LINK = re.compile(r"\]\((?!https?://)([^)#]*)(?:#([^)]*))?\)")
FILE = re.compile(r"`((?:agents|benchmarks|blendgym|docs|envs|examples|scenes|tests)/[^`\s]*)`")


@pytest.fixture(params=PAGES, ids=lambda page: page.name)
def page(request):
    return request.param


def blocks(page, language):
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(), re.DOTALL)


def commands(page, program):
    return re.findall(rf"^(?:srun )?{program} (\S+)", "\n".join(blocks(page, "sh")), re.MULTILINE)


def anchors(page):
    titles = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_link_leads_somewhere(page):
    for target, anchor in LINK.findall(page.read_text()):
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), (target, anchor)


def test_every_file_that_is_named_exists(page):
    for name in FILE.findall(page.read_text()):
        assert (ROOT / name).exists(), name


def test_every_snippet_can_be_read_by_python(page):
    for snippet in blocks(page, "python"):
        ast.parse(snippet)


def test_every_command_exists(page):
    assert set(commands(page, "blendgym")) <= set(COMMANDS)
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(commands(page, "make")) <= set(targets)


def test_the_front_page_leads_to_every_other():
    linked = {target for target, _ in LINK.findall(PAGES[0].read_text())}
    assert {f"docs/{page.name}" for page in DOCS} <= linked
