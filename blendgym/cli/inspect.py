"""``blendgym inspect``."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
import tyro
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from blendgym.arguments import refuse_without_effect
from blendgym.client.process.errands import run_errand
from blendgym.client.settings import Settings
from blendgym.keywords import parse_keywords
from blendgym.registry import environment_spec
from blendgym.scene_places import read_scene
from blendgym.wire.inspection import InspectedBody, InspectedJoint, Inspection

Row = tuple[str, ...]


def inspect(
    subject: Annotated[str, tyro.conf.Positional], json: bool = False, options: tuple[str, ...] = (),
    blender: str | None = None,
) -> None:  # fmt: skip
    """Shows what blendgym sees in a scene: bodies, joints, motors, cameras, lights, materials, categories.

    What it cannot use comes last, each with its cure.

    Args:
        subject: A .blend, a module with build(scene) such as my_env.scene, an id (your own as module:Id), or a task
            as module:Class.
        json: Prints it as JSON.
        options: Arguments of the environment and the task, as name=value.
        blender: A Blender executable or a Python with bpy, instead of the default.
    """
    if _is_scene(subject):
        refuse_without_effect(inspect, "on a scene", options=options)
    console = Console(highlight=False)
    with Console(stderr=True).status("Looking into the scene …"):
        answer = run_errand("inspect", **_asked(subject, options), blender=blender)
    inspection = msgspec.convert(answer, Inspection)
    if json:
        print(msgspec.json.format(msgspec.json.encode(inspection)).decode())
    else:
        _show(console, inspection)


def _asked(subject: str, options: tuple[str, ...]) -> dict[str, Any]:
    """Arguments of the errand."""
    if subject.endswith(".blend"):
        return {"scene": read_scene(subject).file}
    if _is_scene(subject):
        return {"task": f"{subject}:build", "scene": subject}
    settings = Settings(**{**environment_spec(subject).kwargs, **parse_keywords(options)})
    return {"task": settings.task_name, "options": settings.options}


def _is_scene(subject: str) -> bool:
    return subject.endswith(".blend") or (":" not in subject and "-v" not in subject)


def _show(console: Console, seen: Inspection) -> None:
    saved = f", saved by Blender {seen.saved_by}" if seen.saved_by else ""
    console.print(f"[bold]{escape(seen.scene)}[/]{saved}, as Blender {seen.blender} sees it", soft_wrap=True)
    for (title, *columns), rows in _tables(seen).items():
        console.print(f"\n[bold]{title}[/]" + ("" if rows else "  none"))
        if rows:
            console.print(_table(columns, rows))
    if seen.background:
        console.print(f"\n[bold]Background[/]\n  {escape(seen.background)}")
    _show_faults(console, seen.faults)


def _tables(seen: Inspection) -> dict[tuple[str, ...], list[Row]]:
    """Rows by title and headings of columns."""
    return {
        ("Bodies", "name", "type", "shape", "mass / kg", "friction", "restitution"): [
            (body.name, body.kind, body.shape, _mass(body), f"{body.friction:.4g}", f"{body.restitution:.4g}")
            for body in seen.bodies
        ],
        ("Joints", "name", "type", "parent", "child", "limits / m, rad"): [
            (joint.name, joint.kind, joint.parent, joint.child, _limits(joint)) for joint in seen.joints
        ],
        ("Motors", "name", "drives", "from", "to"): [
            (motor.name, ", ".join(motor.drives) or "nothing", motor.first, motor.second) for motor in seen.motors
        ],
        ("Cameras", "name", "lens", "field of view"): [
            (camera.name, camera.lens, _degrees(camera.field_of_view)) for camera in seen.cameras
        ],
        ("Lights", "name", "type", "strength"): [
            (light.name, light.kind, f"{light.strength:.4g} {'W/m²' if light.kind == 'sun' else 'W'}")
            for light in seen.lights
        ],
        ("Materials", "name", "of", "parameters"): [
            (material.name, ", ".join(material.objects), ", ".join(material.parameters) or material.why_none)
            for material in seen.materials
        ],
        ("Categories", "name", "objects"): [(name, ", ".join(objects)) for name, objects in seen.categories.items()],
    }


def _show_faults(console: Console, faults: Iterable[str]) -> None:
    if not faults:
        console.print("\n[green]Nothing is in the way of using it.[/]")
        return
    console.print("\n[red]What cannot be used[/]")
    table = Table.grid(padding=(0, 1))
    for fault in faults:
        table.add_row("[red]✗[/]", escape(fault))
    console.print(table)


def _table(columns: Iterable[str], rows: list[Row]) -> Table:
    table = Table(*columns, box=None, padding=(0, 0, 0, 2), header_style="dim")
    for row in rows:
        table.add_row(*map(escape, row))
    return table


def _mass(body: InspectedBody) -> str:
    return f"{body.mass:.4g}" if body.kind == "active" else ""


def _limits(joint: InspectedJoint) -> str:
    return ", ".join(f"{axis} {low:.4g} to {high:.4g}" for axis, (low, high) in joint.limits.items()) or "none"


def _degrees(angle: float | None) -> str:
    return "" if angle is None else f"{math.degrees(angle):.1f}°"
