"""What is marked by hand is kept by the file, and is what environments randomize."""

from __future__ import annotations

import importlib

import pytest

from blendgym.client.env import BlendEnv

ALL = """
from blendgym.addon.marking import mark_parameter
from blendgym.blender.marks.catalogue import quantities_by_key
quantities = quantities_by_key(bpy.context.scene).values()
for quantity in quantities:
    if quantity.suggestion.binding == "LinearDamping":  # The same number as the damping of the joint.
        continue
    mark_parameter(bpy.context.scene, quantity)
bpy.ops.wm.save_as_mainfile(filepath=file)
answer = len(quantities)
"""

STILL = """
from pathlib import Path
from blendgym.marks import marked_parameters
from blendgym.scenario import Scenario
class Still(Scenario):
    scene = "{name}.blend"
    parameters = marked_parameters(Path(__file__).with_name("{name}.blend"))
    def sample(self, world, rng):
        pass
"""


def test_all_that_can_be_marked_can_be_randomized_from_bound_to_bound(machine, tmp_path, monkeypatch):
    count = machine.run(ALL, file=str(tmp_path / "everything.blend"))
    (tmp_path / "still_everything.py").write_text(STILL.format(name="everything"))
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    env = BlendEnv("still_everything:Still")
    try:
        space = env.task.parameters
        assert len(space) == count - 1 > 50
        for bound in ("nominal", "low", "high"):
            asked = {name: getattr(parameter, bound) for name, parameter in space.items()}
            assert env.reset(options={"params": asked})[1]["params"] == pytest.approx(asked, rel=1e-3, abs=1e-3)
    finally:
        env.close()
