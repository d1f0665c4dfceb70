"""Tasks in the rebuilt scenes, without parameters for what these have been built with."""

from __future__ import annotations

from collections.abc import Iterable

from block_on_table import BlockOnTable
from free_tasks import EndlessCartpole, FreeAcrobot, FreePendulum, SwingingCartpole

from blendgym.parameters import ParameterSpace
from rebuilt.values import ACROBOT, CARTPOLE, LOOK, PENDULUM, PUSH_T


def without(parameters: ParameterSpace, names: Iterable[str]) -> ParameterSpace:
    return ParameterSpace(*(each for name, each in parameters.items() if name not in names))


class RebuiltCartpole(EndlessCartpole):
    """The cart-pole with other dynamics, in another light, seen from elsewhere."""

    scene = "rebuilt.cartpole"
    parameters = without(EndlessCartpole.parameters, CARTPOLE | LOOK)


class RebuiltSwingup(SwingingCartpole):
    """The swing-up with other dynamics."""

    scene = "rebuilt.cartpole_swingup"
    parameters = without(SwingingCartpole.parameters, CARTPOLE)


class RebuiltPendulum(FreePendulum):
    """The pendulum with other dynamics."""

    scene = "rebuilt.pendulum"
    parameters = without(FreePendulum.parameters, PENDULUM)


class RebuiltAcrobot(FreeAcrobot):
    """The acrobot with other dynamics."""

    scene = "rebuilt.acrobot"
    parameters = without(FreeAcrobot.parameters, ACROBOT)


class RebuiltBlockOnTable(BlockOnTable):
    """Push-T with other dynamics."""

    scene = "rebuilt.push_t"
    parameters = without(BlockOnTable.parameters, PUSH_T)
