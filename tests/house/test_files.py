"""What is written aside and put in place is there as a whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from blendgym.files import atomically_written, write_whole

TORN = """
import os, pathlib, signal, sys
from blendgym.files import atomically_written
with atomically_written(pathlib.Path(sys.argv[1])) as part:
    part.write_bytes(b"to")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def names_in(folder):
    return sorted(file.name for file in folder.iterdir())


def test_a_file_comes_into_a_folder_that_there_has_not_been(tmp_path):
    write_whole(tmp_path / "deep" / "down" / "file.json", b"{}")
    assert (tmp_path / "deep" / "down" / "file.json").read_bytes() == b"{}"
    assert names_in(tmp_path / "deep" / "down") == ["file.json"]


def test_until_all_is_written_the_file_is_what_it_was(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"old")
    with atomically_written(file) as part:
        part.write_bytes(b"new")
        assert file.read_bytes() == b"old"
    assert file.read_bytes() == b"new"
    assert names_in(tmp_path) == ["file"]


def test_what_fails_leaves_the_file_as_it_was_and_nothing_beside_it(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"old")

    def fail():
        with atomically_written(file) as part:
            part.write_bytes(b"ne")
            raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space"):
        fail()
    assert file.read_bytes() == b"old"
    assert names_in(tmp_path) == ["file"]


def test_what_a_killed_process_has_left_is_no_file_and_in_nobodys_way(tmp_path):
    file = tmp_path / "file"
    killed = subprocess.run([sys.executable, "-c", TORN, str(file)], env=os.environ)
    assert killed.returncode == -signal.SIGKILL
    assert names_in(tmp_path) == [".file.part"]
    write_whole(file, b"whole")
    assert file.read_bytes() == b"whole"
    assert names_in(tmp_path) == ["file"]
