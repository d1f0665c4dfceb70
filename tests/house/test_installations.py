"""A plain install, without the checkout: with no extra, and with each alone."""

from __future__ import annotations

import os
import re
import tarfile
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest
from installations import ROOT, Installation, built, copied_checkout

from blendgym.cli.extras import MODULES

TEN_STEPS = """
import sys, gymnasium as gym, blendgym
env = gym.make(sys.argv[1])
env.reset(seed=0)
for _ in range(10):
    observation, *_ = env.step(env.action_space.sample())
env.close()
print(observation.shape, blendgym.__file__)
"""
THOSE_THAT_ARE_FOUND = """
import importlib.util, sys
print(*(name for name in sys.argv[1:] if importlib.util.find_spec(name)))
"""
HEAVY = {"bpy", "scipy", "stable_baselines3", "torch"}
USED_BELOW = {"bpy", "sb3"}
"""Extras that further tests install."""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    return copied_checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture(scope="module")
def wheel(checkout, tmp_path_factory):
    return built(checkout, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def install(wheel, tmp_path_factory):
    """Makes installations with extras, each once."""
    made = {}

    def install(*extras):
        if extras not in made:
            made[extras] = Installation(tmp_path_factory.mktemp("venv"), wheel, *extras)
        return made[extras]

    return install


@pytest.mark.parametrize(
    "extra",
    [
        None,
        *(extra if extra in USED_BELOW else pytest.param(extra, marks=pytest.mark.long) for extra in MODULES),
    ],
)
def test_each_extra_alone_brings_its_modules_and_the_commands_run(install, extra):
    installed = install(*filter(None, [extra]))
    own = set(MODULES.get(extra, ()))
    found = set(installed.run("-c", THOSE_THAT_ARE_FOUND, *sorted(own | HEAVY)).stdout.split())
    assert found == own
    shown = installed.blendgym("--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "install-server" in shown.stdout
    assert "BlendCartpole-v0" in installed.blendgym("list").stdout
    twin = installed.run("-c", TEN_STEPS, "BlendCartpoleTwin-v0")
    assert twin.stdout.startswith("(4,)"), twin.stderr


def test_without_bpy_the_doctor_says_how_to_install_it(install):
    done = install().blendgym("doctor", "--quick")
    assert done.returncode == 1
    assert "pip install 'blendgym[bpy]'" in done.stdout


def test_with_bpy_the_doctor_is_content_and_an_environment_runs(install):
    installed = install("bpy")
    assert "64×64 image in" in installed.blendgym("doctor", "--quick").stdout
    done = installed.run("-c", TEN_STEPS, "BlendCartpole-v0")
    assert done.stdout.startswith("(4,)"), done.stderr
    assert str(installed.python.parents[1]) in done.stdout


def test_with_sb3_it_trains_on_a_blender_of_another_python(install, tmp_path):
    installed, blender = install("sb3"), install("bpy").python
    arguments = "train", "BlendCartpole-v0", "--steps", "64", "--output", tmp_path
    done = installed.blendgym(*arguments, BLENDGYM_BLENDER=str(blender))
    assert done.returncode == 0, done.stderr
    (run,) = tmp_path.iterdir()
    assert (run / "model.zip").exists()


@pytest.mark.parametrize(
    ("command", "extra"),
    [(("train",), "sb3"), (("evaluate", "run"), "sb3"), (("dr", "compare"), "dr"), (("bench", "meta"), "dr")],
)
def test_a_command_whose_extra_is_missing_says_so_in_a_line(install, command, extra):
    done = install("bpy").blendgym(*command)
    assert done.returncode == 1
    assert re.fullmatch(rf"This needs \w+, which is not installed: .*'blendgym\[{extra}\]'.*\n", done.stderr)


def test_every_package_of_the_wheel_is_in_it_once_and_no_test(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert len(names) == len(set(names))
    assert {"blendgym/envs/__init__.py", "blendgym/scenes/__init__.py", "blendgym/agents/__init__.py"} <= set(names)
    assert "blendgym/py.typed" in names
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"blendgym"}
    template = {name for name in names if re.match("blendgym/scaffold/template/", name)}
    both = {f"blendgym/scaffold/template/{part}/my_env/tests/test_my_env.py" for part in ("built", "marked")}
    assert both <= template
    assert not [name for name in names if "/tests/" in name and name not in template]


def test_the_source_distribution_makes_the_same_wheel(checkout, wheel, tmp_path):
    sdist = built(checkout, "sdist", tmp_path)
    safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}  # Debian 12 has Python 3.11.2.
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, **safely)  # noqa: S202 (an archive of our own)
    (source,) = (path for path in tmp_path.iterdir() if path.is_dir())
    again = built(source, "wheel", tmp_path)
    assert contents(again) == contents(wheel)
    assert not (source / "tests").exists()


def test_the_pages_of_the_source_distribution_lead_to_what_is_in_it(checkout, tmp_path):
    with tarfile.open(built(checkout, "sdist", tmp_path)) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
        facts = message_from_bytes(archive.extractfile(f"{archive.getnames()[0]}/PKG-INFO").read())
    assert facts["Description-Content-Type"].startswith("text/markdown")
    assert facts.get_payload(decode=True).decode().strip() == (ROOT / "README.md").read_text().strip()
    pages = {name for name in names if re.fullmatch(r"(docs/\w+|envs/\w+/README|[A-Z]+)\.md", name)}
    assert {"README.md", "CONTRIBUTING.md", "docs/training.md", "envs/cartpole/README.md"} <= pages
    for page in sorted(pages):
        for target in re.findall(r"(?:\]\(|src=\")(?!https?:|#)([^)#\"]+)", (ROOT / page).read_text()):
            assert os.path.normpath(Path(page).parent / target) in names, (page, target)


def contents(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return {info.filename: info.CRC for info in archive.infolist() if "dist-info" not in info.filename}


def test_the_extras_are_those_of_the_setup():
    declared = re.findall(r"^(\w+) =$", (ROOT / "setup.cfg").read_text().partition("extras_require")[2], re.MULTILINE)
    assert set(declared) - {"bench", "dev", "docs", "all"} == set(MODULES)
