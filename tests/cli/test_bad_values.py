"""Every option of every command refuses what makes no sense: in a line that names it, before anything begins."""

from __future__ import annotations

import inspect
import signal
import sys
from pathlib import Path
from typing import Annotated, Literal, get_args, get_origin, get_type_hints

import pytest
from tyro.constructors import PrimitiveConstructorSpec

from blendgym import arguments
from blendgym.cli import COMMANDS, main
from blendgym.cli.parsing import Group

FILE = "a_file"
"""A file, in which no folder can be made."""

BAD_WORDS = {
    arguments.Count: ("0", "many", "99999999999999999999"),
    arguments.Amount: ("-3", "1.5"),
    arguments.Seed: ("-3", "99999999999"),
    arguments.Port: ("-3", "65536"),
    arguments.Positive: ("0", "nan", "many"),
    arguments.NotNegative: ("-0.5", "inf"),
    arguments.Share: ("-0.5", "1.5", "nan"),
    arguments.EngineName: ("foo",),
    arguments.DeviceName: ("foo",),
    arguments.PassName: ("foo",),
    arguments.EnvironmentId: ("NoSuch-v0", "CartPole-v1"),
    arguments.ExistingFolder: ("/no/such", FILE),
    arguments.OutputFolder: (FILE, f"{FILE}/deeper", "picture.png", ""),
    arguments.OutputFile: (f"{FILE}/deeper.png", ".", ""),
}
"""By the type of what is typed."""

BAD_TEXT = {
    "execute": "slurm",
    "appearance": "/no/such.json",
    "bind": "nowhere",
    "blender": "/no/such/blender",
    "camera": "Nothing",
    "declaration": "/no/such.json",
    "exam": "/no/such.json",
    "folder": FILE,
    "keys": "/no/such",
    "name": "not-a-name",
    "obs_type": "heat",
    "options": "valueless",
    "passes": "foo",
    "randomize": "nothing",
    "resume": "/no/such",
    "run": "/no/such",
    "runs": FILE,
    "scene": "/no/such.blend",
    "student": "nobody",
    "studies": "/no/such",
    "subject": "NoSuch-v0",
    "teachers": "nobody",
    "video": "film.doc",
}
"""By the name of the option, where its type is not one of these."""

NEEDED = {
    "blender": ["/no/such/blender"],
    "env_id": ["BlendCartpole-v0"],
    "folder": ["new_folder"],
    "kind": ["--format", "coco"],
    "name": ["my_env"],
    "run": ["/no/such"],
    "scenario": ["BlendCartpole-v0"],
    "studies": ["/no/such"],
    "study name": ["digits"],
    "subject": ["BlendCartpole-v0"],
}
"""What is typed for what has no default, beside the option that is looked at."""

BESIDES = {("new", "blender"): ["--blend"], ("check", "keys"): []}
"""Options without which others have no effect."""

ELSEWHERE = {
    ("export", "views"): "needs a recording: tests/data/exporters",
    ("check", "keys"): "needs a server at an address",
    ("dr evaluate", "exam"): "needs a run: test_cli_dr.py",
    ("dr across", "arm"): "needs a study: tests/studies",
    ("dr across", "against"): "needs a study: tests/studies",
    ("dr across", "metric"): "needs a study: tests/studies",
    ("record", "camera"): "needs a Blender that looks for it, with the recording made",
}


def commands():
    for name, command in COMMANDS.items():
        if isinstance(command, Group):
            yield from ((f"{name} {each}", function) for each, function in command.commands.items())
        else:
            yield name, command


def specs_of(annotation):
    """The types of single words in an annotation."""
    if get_origin(annotation) is Annotated:
        own = [each for each in annotation.__metadata__ if isinstance(each, PrimitiveConstructorSpec)]
        return own or specs_of(annotation.__origin__)
    if get_origin(annotation) is Literal:
        return [Literal]
    return [spec for inner in get_args(annotation) for spec in specs_of(inner)]


def bad_words(option):
    (spec,) = specs_of(option.annotation) or [None]
    if spec is Literal:
        return ("foo",)
    for kind, words in BAD_WORDS.items():
        if spec in specs_of(kind):
            return words
    return (BAD_TEXT[option.name],)


def options():
    for name, command in commands():
        hints = get_type_hints(command, include_extras=True)
        for option in inspect.signature(command).parameters.values():
            if hints[option.name] is bool or (name, option.name) in ELSEWHERE:
                continue
            option = option.replace(annotation=hints[option.name])
            yield from (pytest.param(name, command, option, word, id=f"{name} {option.name} {word}")
                        for word in bad_words(option))  # fmt: skip


def is_positional(option):
    marked = get_origin(option.annotation) is Annotated and "Positional" in repr(option.annotation.__metadata__)
    return option.kind is option.POSITIONAL_ONLY or marked


def line_of(name, command, besides=""):
    """A command line with all that has no default, but for one option."""
    line = name.split()
    for other in inspect.signature(command).parameters.values():
        if other.default is other.empty and other.name != besides:
            line += (
                ["-o", "out.blend"]
                if other.name == "output"
                else NEEDED.get(f"{name} {other.name}", NEEDED.get(other.name))
            )
    return line


def typed(name, command, option, word):
    """A command line with a bad value."""
    line = [*line_of(name, command, option.name), *BESIDES.get((name, option.name), [])]
    flag = (
        [] if is_positional(option) else [f"--{'format' if option.name == 'kind' else option.name.replace('_', '-')}"]
    )
    return [*line, *flag, word]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """The current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    handler = signal.getsignal(signal.SIGTERM)
    (tmp_path / FILE).touch()
    yield tmp_path
    signal.signal(signal.SIGTERM, handler)


@pytest.mark.parametrize(("name", "command", "option", "word"), [*options()])
def test_a_value_that_makes_no_sense_is_refused_in_a_line_that_names_it(place, capsys, name, command, option, word):
    with pytest.raises(SystemExit) as ended:
        main(typed(name, command, option, word))
    told = " ".join("".join(capsys.readouterr()).replace("│", " ").split())
    assert ended.value.code in (1, 2)
    assert word in told or f"--{option.name.replace('_', '-')}" in told
    assert "Traceback" not in told
    assert [file.name for file in place.rglob("*") if file.is_file()] == [FILE]


def outputs():
    """Commands that write where nobody has to say, and the name of the option."""
    for name, command in commands():
        hints = get_type_hints(command, include_extras=True)
        for option in inspect.signature(command).parameters.values():
            if isinstance(option.default, Path) and specs_of(hints[option.name]) != [None]:
                yield pytest.param(name, command, option, id=f"{name} {option.name}")


@pytest.mark.parametrize(("name", "command", "option"), [*outputs()])
def test_a_place_that_nobody_has_typed_is_looked_at_before_anything_begins(place, capsys, name, command, option):
    (place / option.default.parts[0]).unlink(missing_ok=True)
    if option.default.suffix:
        (place / option.default).mkdir()
    else:
        (place / option.default.parts[0]).touch()
    with pytest.raises(SystemExit, match="1"):
        main(line_of(name, command))
    assert f"--{option.name} {option.default}" in " ".join(capsys.readouterr().err.split())
