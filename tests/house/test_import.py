"""What ``import blendgym`` does, and what it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = ("bpy", "torch", "stable_baselines3", "matplotlib")


def python(code, **options):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, **options).stdout


def test_it_loads_nothing_heavy():
    loaded = python(f"import sys, blendgym; print([name for name in {HEAVY} if name in sys.modules])")
    assert loaded.strip() == "[]"


def test_it_registers_the_ids():
    assert (
        python("import gymnasium, blendgym; print(gymnasium.spec('BlendCartpole-v0').id)").strip() == "BlendCartpole-v0"
    )


def test_spaces_and_parameters_are_known_without_a_blender():
    code = (
        "import gymnasium, blendgym\n"
        "env = gymnasium.make('BlendCartpole-v0')\n"
        "print(env.observation_space.shape, len(env.unwrapped.task.parameters), env.unwrapped.server_pid)"
    )
    assert python(code).strip() == "(4,) 23 None"


def test_it_works_in_the_folder_of_a_checkout():
    assert python("import blendgym.envs.cartpole.task; print('imported')", cwd=ROOT).strip() == "imported"
