"""What the Blenders of a stream serve, and what is seen of it."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from typing import Any

from blendgym.checks import check_dicts
from blendgym.client.settings import Settings
from blendgym.errors import InvalidOption, RenderError
from blendgym.images.views import View
from blendgym.names import name_of_class
from blendgym.registry import environment_spec
from blendgym.task import Task

OF_OBSERVATIONS = ("obs_type", "width", "height", "camera_options", "views")
"""What an id may say about images that are observed; a stream has views of its own."""
NOT_FOR_STREAMS = {
    "obs_type": "passes= and views= say what is seen",
    "render_mode": "passes= and views= say what is seen",
    "expose": "a sample always has its parameters",
    "on_error": "on_failure= says what becomes of a sample that cannot be made",
}


OF_VIEWS = set(View.__struct_fields__).difference(inspect.signature(Settings).parameters)
"""Arguments of views alone."""


def scenario_settings(scenario: str | type[Task], arguments: Mapping[str, Any]) -> Settings:
    """What the Blenders of a stream are launched with.

    Args:
        scenario: As its class, as ``module:Class``, or as the id of an environment.
        arguments: Those of ``Settings``, and those of the task.

    Raises:
        InvalidOption: If there is no such environment, or an argument has a wrong value.
        TaskNotFound: If there is no such task.
    """
    for name, cure in NOT_FOR_STREAMS.items():
        if name in arguments:
            raise InvalidOption(f"{name} is for environments; of a stream, {cure}.")
    name = _name_of(scenario)
    of_id = {key: value for key, value in environment_spec(name).kwargs.items() if key not in OF_OBSERVATIONS}
    try:
        return Settings(**{**of_id, **arguments})
    except InvalidOption as error:
        of_views = ", ".join(f"{key!r}: …" for key in arguments if key in OF_VIEWS)
        if not of_views:
            raise
        raise InvalidOption(f"{error} What all views share goes into camera_options={{{of_views}}}.") from None


def _name_of(scenario: Any) -> str:
    if isinstance(scenario, type):
        return name_of_class(scenario)
    if isinstance(scenario, str):
        return scenario
    name = type(scenario).__name__
    raise InvalidOption(
        f"The scenario is {scenario!r:.80}, an object of {name}; expected a class, 'module:Class' or the id of an "
        f"environment. Blenders make it themselves: Stream({name}, …), with what it is made with as arguments."
        if isinstance(scenario, Task)
        else f"The scenario is {scenario!r:.80}; expected a class, 'module:Class' or the id of an environment."
    )


def read_passes(given: Iterable[str]) -> tuple[str, ...]:
    """What is seen in each view that does not say otherwise.

    Raises:
        InvalidOption: If it is a single name, or nothing that has names.
    """
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise InvalidOption(f"passes is {given!r:.80}; expected several names, such as ('rgb',).")
    return tuple(given)


def read_views(
    settings: Settings, common: Mapping[str, Any], given: Mapping[str, Mapping[str, Any]] | None
) -> dict[str, View]:
    """What is captured of each sample, by name.

    Args:
        settings: Of the stream.
        common: Arguments of each view that does not say otherwise.
        given: Arguments of each view by name; ``None`` for those of the scenario, or a single one without a name.

    Raises:
        RenderError: If a view makes no sense, or there is none.
        InvalidOption: If something else than a dict is given.
    """
    check_dicts(views=given)
    if given is not None and not given:
        raise RenderError("views= is empty; leave it out for the scenario's own, or a single one.")
    named = given if given is not None else getattr(settings.task, "views", None) or {"": {}}
    check_dicts(**{f"views[{name!r}]": own for name, own in named.items()})
    return {name: settings.view(**{**common, **own, "name": name}) for name, own in named.items()}
