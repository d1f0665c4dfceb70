"""From ``gym.make`` to a comparison: randomize a cart-pole, look at what is in effect, and compare teachers.

python examples/compare_teachers.py study --steps 614400 --seeds 24   # a real study: hours on two cores
python examples/compare_teachers.py study                             # the same in a minute, which proves nothing
"""

import argparse
import os
from pathlib import Path

import gymnasium as gym

import blendgym  # noqa: F401 (registers the ids)
from blendgym.studies.comparison import carry_out
from blendgym.studies.exams import Sizes
from blendgym.studies.figures import draw_all
from blendgym.studies.study import Study, StudyFolder

RANGES = {"pole.length": (0.2, 5.0), "cart.mass": (0.25, 4.0), "action.latency": (0, 7)}


def look_at_randomization() -> None:
    """Every reset draws other parameters; Blender says what is in effect."""
    env = gym.make("BlendCartpole-v0", randomize={name: list(span) for name, span in RANGES.items()})
    for seed in range(3):
        _, info = env.reset(seed=seed)
        in_effect = {name: round(info["params"][name], 3) for name in RANGES}
        print(f"Seed {seed}: {in_effect}")
    env.close()


def compare_teachers(folder: Path, steps: int, seeds: int) -> None:
    """Trains the same student under four ways to randomize, on the NumPy twin, and judges them by one exam."""
    study = Study(
        env_id="BlendCartpole-v0",
        ranges=RANGES,
        student="ppo",
        arms=("uniform", "none", "adr", "learnability"),
        seeds=tuple(range(seeds)),
        steps=steps,
        checkpoints=4,
        references=2,
        exam=Sizes(uniform=64, edges=32, hard=64, out_of_range=32, nominal=8),
    )
    home = StudyFolder(folder)
    outcome, verdicts = carry_out(home, study, processes=os.cpu_count() or 1)
    for verdict in verdicts:
        if verdict.metric == "uniform":
            print(f"{verdict.arm}: {verdict.iqm.estimate:.3f} of uniform tasks mastered (interquartile mean)")
    for file in draw_all(home.figures, outcome, verdicts):
        print(file)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--steps", type=int, default=32_768)
    parser.add_argument("--seeds", type=int, default=2)
    arguments = parser.parse_args()
    look_at_randomization()
    compare_teachers(arguments.folder, arguments.steps, arguments.seeds)
