"""What a scenario's own views say otherwise than ``blendgym record`` is told, is told or refused."""

from __future__ import annotations

import os

import pytest
from command_line import blendgym
from places import HELPERS

from blendgym.cli.overridden import overridden
from blendgym.errors import InvalidOption

DEFAULTS = {"passes": ("rgb", "depth"), "width": 640, "camera": None, "visibility": False}
VIEWS = {"near": {"passes": ["rgb"], "width": 32}, "far": {"passes": ["depth"], "visibility": False}}


def heeded(**options):
    return overridden(VIEWS, {**DEFAULTS, **options}, DEFAULTS)


def test_what_each_view_keeps_is_told():
    assert heeded() == [
        "The view 'near' keeps what the scenario says of it: passes rgb, width 32",
        "The view 'far' keeps what the scenario says of it: passes depth",
    ]
    assert heeded(width=48)[0].endswith("passes rgb, width 32"), "the other view heeds it"


def test_what_no_view_heeds_is_refused():
    with pytest.raises(InvalidOption, match="--passes rgb normals has no effect: .* rgb for 'near', depth for 'far'"):
        heeded(passes=("rgb", "normals"))


def test_what_a_view_says_likewise_and_what_none_says_are_no_news():
    assert heeded(passes=("rgb",), width=32) == [
        "The view 'far' keeps what the scenario says of it: passes depth",
    ]
    assert overridden({}, {**DEFAULTS, "width": 3}, DEFAULTS) == []
    assert heeded(camera="Eye") == heeded()


def test_a_single_view_needs_no_name():
    single = {"": {"width": 32}}
    assert overridden(single, DEFAULTS, DEFAULTS) == ["The only view keeps what the scenario says of it: width 32"]
    with pytest.raises(InvalidOption, match=r"--width 48 has no effect: .* say 32\. Change it there"):
        overridden(single, {"width": 48}, DEFAULTS)


def test_the_command_refuses_before_blender_is_launched(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(HELPERS)}
    arguments = ("record", "scenarios:Fallen", "-o", tmp_path / "run", "--passes", "normals")
    done = blendgym(*arguments, check=False, env=environment)
    assert done.returncode == 1
    assert "--passes normals has no effect" in done.stderr
    assert not (tmp_path / "run").exists()
