"""The marks of a scene as data, and the text that the file keeps: JSON with a version and declared types."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, Literal

import msgspec

from blendgym.errors import InvalidMarks, InvalidParameter
from blendgym.parameters import (
    AngularDamping,
    Binding,
    Camera,
    Friction,
    Gravity,
    JointDamping,
    Length,
    Lens,
    Light,
    LinearDamping,
    LowerLimit,
    Mass,
    Material,
    Parameter,
    ParameterSpace,
    Restitution,
    Sensor,
    Sky,
    SpringStiffness,
    UpperLimit,
)
from blendgym.parameters.specs import ParameterSpec

FORMAT = 1
"""Of the text. A file with another one is neither read nor written."""

PROPERTY = "blendgym"
"""The custom property of a scene that holds the text."""

BINDINGS: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        AngularDamping,
        Camera,
        Friction,
        Gravity,
        JointDamping,
        Length,
        Lens,
        Light,
        LinearDamping,
        LowerLimit,
        Mass,
        Material,
        Restitution,
        Sensor,
        Sky,
        SpringStiffness,
        UpperLimit,
    )
}
"""What a mark can be about: all bindings to what a scene has. Those to a task are declared with the task."""

THINGS = ("body", "joint", "light", "material", "camera")
"""Arguments of bindings that name a thing of the scene: their names are what kind of thing it is."""


class MarkedParameter(ParameterSpec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A parameter whose binding is said in plain data.

    Args:
        binding: The name of a class in ``BINDINGS``.
        of: Its arguments, such as ``{"body": "Puck"}``.

    The other arguments are those of ``ParameterSpec``.
    """

    binding: str
    of: dict[str, Any] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.binding not in BINDINGS:
            raise InvalidParameter(f"Parameter {self.name!r} has the binding {self.binding!r}, which marks have not.")
        try:
            self.bound()
        except msgspec.ValidationError as error:
            raise InvalidParameter(
                f"Parameter {self.name!r} changes no {self.binding} of {self.of}: {error}."
            ) from None

    @property
    def thing(self) -> tuple[str, str] | None:
        """The kind and the name of what it changes, such as ``("body", "Puck")``; ``None`` for the scene itself."""
        return next(((kind, self.of[kind]) for kind in THINGS if kind in self.of), None)

    def bound(self) -> Binding:
        """Its binding."""
        kind = BINDINGS[self.binding]
        if unknown := self.of.keys() - {field.name for field in fields(kind)}:
            raise msgspec.ValidationError(f"it has no {', '.join(sorted(unknown))}")
        binding: Binding = msgspec.convert(self.of, kind)
        return binding

    @property
    def parameter(self) -> Parameter:
        """The declaration."""
        own = {name: getattr(self, name) for name in ParameterSpec.__struct_fields__}
        return Parameter(**own, binding=self.bound())


class MarkedMotor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A motor that acts in a task.

    Args:
        name: Of its object.
        drives: What an action sets.
        most: Force (N) or torque (N·m) of the strongest action.
    """

    name: str
    drives: Literal["force", "torque"] = "force"
    most: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 < self.most < float("inf"):
            raise ValueError(f"Motor {self.name!r} has at most {self.most:g}; expected a positive number")


class Marks(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that is marked in a scene, beside the categories and keypoints, which objects have themselves.

    Args:
        format: Version of the text.
        parameters: What can be randomized.
        motors: What acts.

    Raises:
        InvalidParameter: If two parameters have the same name, or one has that of a group.
    """

    format: int = FORMAT
    parameters: tuple[MarkedParameter, ...] = ()
    motors: tuple[MarkedMotor, ...] = ()

    def __post_init__(self) -> None:
        _ = self.space
        names = [motor.name for motor in self.motors]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"Motors are marked twice: {', '.join(sorted(twice))}")

    @property
    def space(self) -> ParameterSpace:
        """The parameters as a task declares them."""
        return ParameterSpace(*(marked.parameter for marked in self.parameters))


class _Versioned(msgspec.Struct):
    format: int


def encode(marks: Marks) -> str:
    """The text that a file keeps."""
    return msgspec.json.encode(marks).decode()


def decode(text: str, source: str) -> Marks:
    """Marks of a text.

    Args:
        text: As ``encode`` makes it.
        source: Where it is from, for messages.

    Raises:
        InvalidMarks: If it has another format, or is none of this one.
    """
    try:
        found = msgspec.json.decode(text, type=_Versioned).format
        if found != FORMAT:
            raise InvalidMarks(
                f"The marks of {source} have the format {found}; this blendgym reads and writes format {FORMAT}. They "
                "stay as they are: use the version of blendgym that has written them."
            )
        return msgspec.json.decode(text, type=Marks)
    except msgspec.DecodeError as error:
        raise InvalidMarks(
            f"The marks of {source} cannot be read: {error}. They stay as they are in the custom property "
            f"{PROPERTY!r} of the scene: mend them there, or remove the property to begin anew."
        ) from None
