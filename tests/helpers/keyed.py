"""A cart-pole whose action space and keyboard are given."""

from __future__ import annotations

from blendgym.envs.cartpole.task import Cartpole


class Keyed(Cartpole):
    """A cart-pole that is played otherwise."""

    def __init__(self, space, keyboard):
        super().__init__()
        self.action_space, self.keyboard = space, keyboard
