"""Commands on terminals, disks and Pythons as they are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import blendgym

from blendgym.cli import COMMANDS, main
from blendgym.cli.parsing import Group

ASCII = {**os.environ, "PYTHONIOENCODING": "ascii", "COLUMNS": "80"}


def test_a_terminal_that_knows_only_ascii_is_shown_everything():
    shown = blendgym("list", "BlendCartpole-v0", env=ASCII).stdout
    assert shown.isascii()
    assert "pole.mass" in shown


def commands():
    yield ()
    for name, command in COMMANDS.items():
        yield (name,)
        yield from ((name, inner) for inner in (command.commands if isinstance(command, Group) else ()))


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("command", [*commands()], ids=" ".join)
def test_all_help_is_as_wide_as_the_terminal_and_whole(command, width, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(width))
    with pytest.raises(SystemExit):
        main([*command, "--help"])
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= width
    assert shown.startswith("usage: blendgym")
    if not command:
        assert "export-scene" in shown.partition("\n\n")[0]


@pytest.mark.parametrize("arguments", [("train", "--help"), ("bench", "steps", "--rounds", "0")])
def test_help_and_errors_are_shown_there_too(arguments):
    done = blendgym(*arguments, check=False, env=ASCII)
    assert (done.stdout + done.stderr).isascii()
    assert "Traceback" not in done.stderr


def test_python_without_docstrings_lists_and_helps():
    command = [sys.executable, "-OO", "-m", "blendgym"]
    for arguments in (["list"], ["train", "--help"]):
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, check=True)
        assert "Traceback" not in done.stderr
    done = subprocess.run([*command, "list", "BlendCartpole-v0"], capture_output=True, text=True, check=False)
    assert (done.returncode, "without -OO" in done.stderr) == (1, True)


def test_a_full_disk_is_told_in_a_line():
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "blendgym", "list"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.stderr == "No space left on device\n"
    assert done.returncode == 1


def test_a_reader_that_has_read_enough_is_no_error():
    command = [sys.executable, "-m", "blendgym", "list"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as listing:
        listing.stdout.close()
        assert listing.stderr.read() == ""
