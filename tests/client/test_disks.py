"""A disk that is full or read-only under the server's folder: a typed error, or nothing at all."""

from __future__ import annotations

import subprocess
import sys

import pytest
from namespaces import IN_A_NAMESPACE, namespaces_are_missing
from places import HELPERS

PREPARE = """
import os, sys, tempfile, time
import numpy as np, psutil
from pathlib import Path
from blendgym.client.env import BlendEnv
from blendgym.errors import BlendgymError
disk = Path(sys.argv[1])
tempfile.tempdir = str(disk)
CARTPOLE, STILL, BAD = "blendgym.envs.cartpole.task:Cartpole", np.zeros(1, np.float32), np.ones(1, np.float32)

def fill():
    with (disk / "filler").open("wb", buffering=0) as filler:
        try:
            while True:
                filler.write(bytes(1024))
        except OSError:
            pass

def error_of(call, *arguments):
    try:
        call(*arguments)
    except BlendgymError as error:
        return f"{type(error).__name__}: {error}"
    return "no error"

def end(env):
    env.close()
    assert not psutil.Process().children()
    print("left:", *sorted(path.name for path in disk.iterdir()), flush=True)
    os._exit(0)
"""


pytestmark = pytest.mark.skipif(
    bool(namespaces_are_missing()), reason="NOT TESTED: this machine lets nobody mount a small disk (unshare --user)"
)


def run_on_a_disk(tmp_path, options, script):
    """What a trainer says whose temporary files are on a disk of its own."""
    mount = f'mount -t tmpfs -o {options} none {tmp_path} && exec "$0" "$@"'
    done = subprocess.run(
        [*IN_A_NAMESPACE, mount, sys.executable, "-c", PREPARE + script, str(tmp_path)],
        capture_output=True, text=True, timeout=120, check=False, cwd=HELPERS,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_disk_that_is_full_before_the_launch_is_a_typed_error(tmp_path):
    said = run_on_a_disk(tmp_path, "size=64k", "fill(); env = BlendEnv(CARTPOLE); print(error_of(env.reset)); end(env)")
    assert said[0].startswith(f"ServerStartError: The files of a Blender server cannot be written in {tmp_path}: No sp")
    assert said[-1] == "left: filler"


def test_a_disk_that_is_full_after_the_launch_order_is_a_typed_error(tmp_path):
    said = run_on_a_disk(tmp_path, "size=4k", "env = BlendEnv(CARTPOLE); print(error_of(env.reset)); end(env)")
    assert "exit code 1 before it was ready. Its log is empty, for the disk is full." in said[0]
    assert said[-1] == "left:"


def test_a_read_only_disk_is_a_typed_error(tmp_path):
    said = run_on_a_disk(tmp_path, "size=64k,ro", "env = BlendEnv(CARTPOLE); print(error_of(env.reset)); end(env)")
    assert said[0].startswith("ServerStartError: The files of a Blender server cannot be written in")
    assert "Read-only file system" in said[0]


def test_a_disk_that_gets_full_does_not_disturb_an_episode(tmp_path):
    said = run_on_a_disk(
        tmp_path, "size=256k",
        """
def rollout(env):
    return [env.reset(seed=3)[0].tolist(), *(env.step(STILL)[0].tolist() for _ in range(20))]
env = BlendEnv(CARTPOLE)
before = rollout(env)
fill()
print(rollout(env) == before)
end(env)
""",
    )  # fmt: skip
    assert said == ["True", "left: filler"]


def test_a_server_that_hangs_on_a_full_disk_times_out_all_the_same(tmp_path):
    said = run_on_a_disk(
        tmp_path, "size=256k",
        """
env = BlendEnv("sabotage:SabotagedCartpole", sabotage="loop", deadlines={"step": 1.0})
env.reset()
fill()
start = time.monotonic()
print(error_of(env.step, BAD))
print(time.monotonic() - start < 30)
end(env)
""",
    )  # fmt: skip
    assert said[0].startswith("ServerTimeout: ")
    assert "The main loop has been in Step for" in said[0]
    assert said[1:] == ["True", "left: filler"]
