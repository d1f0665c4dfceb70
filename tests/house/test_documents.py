"""The pages of the root and of docs/ name only what there is: links, files, commands with their options, and Python."""

from __future__ import annotations

import ast
import inspect
import itertools
import re
import shlex
import warnings
from pathlib import Path

import pytest
import tyro

from blendgym.cli import COMMANDS
from blendgym.cli.parsing import Group
from blendgym.client.settings import SIDE, Settings

ROOT = Path(__file__).parents[2]
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *DOCS]
LINK = re.compile(r"\]\((?!https?://)([^)#]*)(?:#([^)]*))?\)")
FILE = re.compile(r"`((?:agents|benchmarks|blendgym|docs|envs|examples|scenes|tests)/[^`\s]*)`")
OF_NO_COMMAND = {"--version", "--shm-size"}
"""Options of ``blendgym`` itself, and of other programs."""


@pytest.fixture(params=PAGES, ids=lambda page: page.name)
def page(request):
    return request.param


def blocks(page, language):
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(), re.DOTALL)


def commands(text, program):
    """The words behind the name of a program, line by line."""
    lines = re.findall(rf"^(?:srun )?{program} (.*?)(?: [|>] .*| \|\| .*)?$", text.replace("\\\n", " "), re.MULTILINE)
    return [shlex.split(line, comments=True) for line in lines]


def passages(page):
    """What stands between backticks within a page's sentences."""
    sentences = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    return [" ".join(passage.split()) for passage in re.findall(r"`([^`]+)`", sentences)]


@pytest.fixture(scope="module")
def parsers():
    """That of each command, which reads options and choices, and leaves the values to whoever carries it out."""
    found = {}
    for name, command in COMMANDS.items():
        found |= (
            {f"{name} {each}": own for each, own in command.commands.items()}
            if isinstance(command, Group)
            else {name: command}
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # The new way to a parser converts values, too.
        return {name: tyro.extras.get_parser(command) for name, command in found.items()}


def split(words, parsers):
    """The name of a command, and what it is given."""
    count = 1 if words[0] in parsers else 2
    return " ".join(words[:count]), words[count:]


def is_option(word):
    return word.startswith("--") or word == "-o"


def options(parser):
    return set(parser._option_string_actions)


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


def test_every_command_can_be_typed(page, parsers, capsys):
    text = "\n".join(blocks(page, "sh"))
    for words in commands(text, "blendgym"):
        name, given = split(words, parsers)
        try:
            parsers[name].parse_args(given)
        except SystemExit:
            pytest.fail(f"blendgym {' '.join(words)}\n{capsys.readouterr().err}", pytrace=False)
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {words[0] for words in commands(text, "make")} <= set(targets)


def test_every_option_in_a_sentence_is_one(page, parsers):
    every = set().union(*map(options, parsers.values()), OF_NO_COMMAND)
    for passage in passages(page):
        program, *words = passage.split()
        if program == "blendgym" and words and words not in (["--version"], ["dr"]):
            name, given = split(words, parsers)
            assert {word for word in given if is_option(word)} <= options(parsers[name]), passage
        if is_option(program):
            assert {word for word in (program, *words) if is_option(word)} <= every, passage


def test_the_front_page_leads_to_every_other():
    linked = {target for target, _ in LINK.findall(PAGES[0].read_text())}
    assert {f"docs/{page.name}" for page in DOCS} <= linked


def test_every_argument_of_an_environment_is_told_with_its_default():
    section = (ROOT / "docs/environments.md").read_text().partition("\n## Arguments\n")[2].partition("\n## ")[0]
    told = {}
    for names, defaults in re.findall(r"^\| (`.*?) \| (.*?) \|", section, re.MULTILINE):
        words = names.replace("`", "").split(", ")
        told |= zip(words, itertools.cycle(re.sub('[`"]', "", defaults).split(", ")), strict=False)
    declared = inspect.signature(Settings).parameters.values()
    expected = {each.name: str(each.default) for each in declared if each.kind is each.KEYWORD_ONLY}
    assert told == expected | {"width": str(SIDE), "height": str(SIDE), "camera": "the task's"}
