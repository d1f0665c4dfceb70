"""Tasks and environments that each break one rule, for the conformance kit to find."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from gymnasium.envs.registration import register

from blendgym.client.env import BlendEnv
from blendgym.envs.cartpole.task import Cartpole
from blendgym.parameters import Parameter, ParameterSpace, TaskAttribute
from blendgym.task import Outcome
from blendgym.vector.vector_env import BlendVectorEnv

GENERATOR = np.random.default_rng()


class Undocumented(Cartpole):
    """A cart-pole about which nothing more is said."""


class WrongTable(Cartpole):  # noqa: D101 (see below)
    __doc__ = Cartpole.__doc__.replace("| 0.25 | 4 |", "| 0.25 | 5 |")


class WrongDtype(Cartpole):
    """Observes in double precision, which it has not declared."""

    def observe(self):
        return super().observe().astype(np.float64)


class OutOfBounds(Cartpole):
    """Observes positions that its space does not contain."""

    def observe(self):
        return super().observe() + np.float32(5.0)


class NanReward(Cartpole):
    """Rewards with something that is no number."""

    def outcome(self, observation):
        return Outcome(math.nan, super().outcome(observation).terminated)


class Gradual(Cartpole):
    """Calls its closeness to a success one."""

    def outcome(self, observation):
        return super().outcome(observation)._replace(success=0.9)


class GlobalRandom(Cartpole):
    """Draws from a generator of its own."""

    def reset(self, world, rng):
        super().reset(world, GENERATOR)


class Remembering(Cartpole):
    """Counts its episodes, and begins each a little farther to the right."""

    count = 0

    def reset(self, world, rng):
        super().reset(world, rng)
        self.count += 1
        self._track.position += 0.001 * self.count


class Lingering(Cartpole):
    """Rewards by the last action, which may be that of the episode before."""

    pushed = 0.0

    def apply(self, action):
        self.pushed = float(action[0])
        super().apply(action)

    def outcome(self, observation):
        return super().outcome(observation)._replace(reward=self.pushed)


class Meddling(Cartpole):
    """Changes the scene in a way that the world does not know of: what a fault of the world itself looks like."""

    count = 0

    def apply(self, action):
        import bpy

        self.count += 1
        bpy.context.scene.gravity[2] = -9.0 - 0.1 * (self.count // 30)
        super().apply(action)


class Misplaced(Cartpole):
    """Does not begin where it was placed."""

    def reset(self, world, rng):
        super().reset(world, rng)
        self._hinge.place(0.05)
        self._hinge.position = 0.1


class Seedless(Cartpole):
    """Begins all episodes in the same state."""

    def reset(self, world, rng):
        super().reset(world, np.random.default_rng(0))


class PerProcess(Cartpole):
    """Depends on the process it runs in."""

    def reset(self, world, rng):
        super().reset(world, np.random.default_rng(os.getpid() + rng.integers(2**32)))


class SharedState(Cartpole):
    """Keeps the state of an episode where its neighbours have theirs."""

    shift: ClassVar[float] = 0.0

    def reset(self, world, rng):
        super().reset(world, rng)
        SharedState.shift = rng.uniform()

    def observe(self):
        return super().observe() + np.float32(0.1 * SharedState.shift)


def with_force_scale(binding):
    """One parameter of the cart-pole, and the scale of the force with another binding."""
    changed = Parameter(name="force.scale", unit="N", nominal=10.0, low=1.0, high=20.0, binding=binding)
    return ParameterSpace(Cartpole.parameters["cart.mass"], changed)


@dataclass(frozen=True)
class Clamping(TaskAttribute):
    """Goes no higher than 15."""

    def apply(self, target, value):
        super().apply(target, min(value, 15.0))


@dataclass(frozen=True)
class Sticking(TaskAttribute):
    """Takes no notice of the nominal value, and says that it does."""

    def apply(self, target, value):
        target.task.claimed = value
        if value != 10.0:
            super().apply(target, value)

    def read(self, target):
        return target.task.claimed


class Clamped(Cartpole):
    """Does not do all that its parameters allow."""

    parameters = with_force_scale(Clamping("force_scale"))


class Sticky(Cartpole):
    """Keeps a parameter for the next episode."""

    parameters = with_force_scale(Sticking("force_scale"))


class Inert(Cartpole):
    """Has a parameter of no consequence."""

    parameters = with_force_scale(TaskAttribute("scale_of_nothing"))
    scale_of_nothing = 10.0


class Fragile(Cartpole):
    """Observes what is no number when the force is strongest."""

    def observe(self):
        return super().observe() * np.float32(math.nan if self.force_scale == 25.0 else 1.0)


class Aliasing(BlendEnv):
    """Hands out the same array again and again."""

    def reset(self, **arguments):
        self._buffer, info = super().reset(**arguments)
        return self._buffer, info

    def step(self, action):
        observation, *rest = super().step(action)
        self._buffer[:] = observation
        return self._buffer, *rest


class Prejudiced(BlendEnv):
    """Begins another episode when parameters are given."""

    def reset(self, *, seed=None, options=None):
        given = (options or {}).get("params")
        return super().reset(seed=seed + 1 if given else seed, options=options)


class Taciturn(BlendEnv):
    """Has no infos."""

    def reset(self, **arguments):
        return super().reset(**arguments)[0], None


class Unjudged(BlendEnv):
    """Keeps to itself what a step is worth."""

    def step(self, action):
        *rest, info = super().step(action)
        return *rest, {name: value for name, value in info.items() if name != "is_success"}


class Clipping(BlendEnv):
    """Makes legal actions of illegal ones."""

    def step(self, action):
        legal = np.nan_to_num(np.resize(action, 1).astype(np.float32))
        return super().step(np.clip(legal, -1.0, 1.0))


class Mortal(BlendEnv):
    """Stays dead."""

    is_dead = False

    def reset(self, **arguments):
        if self.is_dead:
            raise RuntimeError("dead")
        return super().reset(**arguments)

    def step(self, action):
        self.is_dead = True
        result = super().step(action)
        self.is_dead = False
        return result


class ClosedOnce(BlendEnv):
    """Cannot be closed again."""

    is_closed = False

    def close(self):
        if self.is_closed:
            raise RuntimeError("closed already")
        self.is_closed = True
        super().close()


class Skipping(BlendVectorEnv):
    """Skips an episode whenever it resets itself."""

    def _begin(self, rows, options, seeds, infos):
        for row in rows:
            if seeds[row] is None:
                self.slots[row].np_random.random()
        return super()._begin(rows, options, seeds, infos)


for _class in (Aliasing, Prejudiced, Taciturn, Unjudged, Clipping, Mortal, ClosedOnce, Skipping):
    register(
        f"{_class.__name__}-v0",
        entry_point=BlendEnv if _class is Skipping else _class,
        vector_entry_point=_class if _class is Skipping else BlendVectorEnv,
        kwargs={"task": "blendgym.envs.cartpole.task:Cartpole"},
        disable_env_checker=True,
    )
