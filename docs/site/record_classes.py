"""Records for griffe: what a ``NamedTuple`` or a ``msgspec.Struct`` is made with are its annotated attributes."""

from __future__ import annotations

from typing import Any

from griffe import Attribute, Class, Extension, Function, Module, Parameter, ParameterKind, Parameters

RECORDS = {"typing.NamedTuple", "NamedTuple", "msgspec.Struct"}


class Records(Extension):
    """Gives every record of a package the ``__init__`` that Python gives it."""

    def on_package(self, *, pkg: Module, **_: Any) -> None:
        """Called when all of a package is read."""
        _complete(pkg)


def _complete(scope: Module | Class) -> None:
    for member in list(scope.members.values()):
        if member.is_alias:
            continue
        if isinstance(member, Module | Class):
            _complete(member)
        if isinstance(member, Class) and "__init__" not in member.members and _is_record(member):
            member.set_member("__init__", _constructor(member))


def _is_record(found: Class) -> bool:
    classes = [found, *found.mro()]
    return any(getattr(base, "canonical_path", base) in RECORDS for each in classes for base in each.bases)


def _constructor(record: Class) -> Function:
    fields: dict[str, Attribute] = {}
    for each in [*reversed(record.mro()), record]:
        fields |= {name: field for name, field in each.attributes.items() if field.annotation and not _is_shared(field)}
    named = ParameterKind.positional_or_keyword
    parameters = [
        Parameter(name, annotation=field.annotation, kind=named, default=field.value) for name, field in fields.items()
    ]
    return Function("__init__", parameters=Parameters(Parameter("self", kind=named), *parameters), lineno=record.lineno)


def _is_shared(field: Attribute) -> bool:
    return "ClassVar" in str(field.annotation)
