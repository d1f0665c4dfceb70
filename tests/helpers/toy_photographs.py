"""A study on photographs that needs no Blender: its networks are a number each, and so are its photographs."""

from __future__ import annotations

import numpy as np

from blendgym.errors import RenderError
from blendgym.photographs.study import Arm, Declaration, Photographs, Trained, mean_score

PHOTOGRAPHS = Photographs(np.linspace(0.0, 1.0, 40), np.ones(40))
ARMS = (
    Arm(name="good", what="sees most", images=2, question="reach", randomize=("pose",)),
    Arm(name="bad", what="sees little", images=2, question="reach", against="good"),
)
SHOWN = Arm(name="shown", what="has seen photographs", images=2, question="shown", on_photographs=True, against="good")
REACH = {"good": 0.8, "bad": 0.3, "shown": 0.85}


class ToyStudy:
    """Notes what is done, and when.

    Args:
        fails: Runs that raise an error.
        interrupted: Runs at which somebody presses Ctrl-C, once.
        arms: What is compared.
    """

    name, title, score = "toy", "A toy <study>", "seen"
    questions = {"reach": "Who sees <most>", "shown": "Who has seen photographs"}  # as studies say it

    def __init__(self, fails=(), interrupted=(), arms=ARMS):
        self.done, self.fails, self.interrupted, self.arms = [], fails, list(interrupted), arms
        self.opened = PHOTOGRAPHS

    def declaration(self, quick=False):
        return Declaration(
            study="toy", arms=self.arms, seeds=(0, 1, 2), settings={}, sources="s", photographs=PHOTOGRAPHS.checksum,
            quick=quick, resamples=200,
        )  # fmt: skip

    def train(self, declaration, arm, seed, producers, renders, report):
        if (arm.name, seed) in self.interrupted:
            self.interrupted.remove((arm.name, seed))
            raise KeyboardInterrupt
        self.done.append((arm.name, seed))
        if (arm.name, seed) in self.fails:
            raise RenderError("The light is <out>.")
        report(2)
        reach = REACH[arm.name] + seed / 20
        return Trained({"reach": np.array([reach])}, reach, np.zeros((8, 4, 4, 3), np.uint8))

    def train_on(self, photographs, declaration, arm, seed, renders):
        return self.train(declaration, arm, seed, 1, renders, lambda images: None)

    def photographs(self, quick):
        self.done.append("photographs")
        return self.opened

    def examine(self, declaration, arm, weights, photographs):
        return {"scores": (photographs.images < weights["reach"]).astype(np.float64)}

    def worth(self, answers, weights):
        return mean_score(answers, weights)

    def figures(self, folder, photographs, examined, verdicts):
        return []
