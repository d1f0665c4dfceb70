"""Follows the links between shader nodes: what stands at a socket, as far as it can be said without shading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from blendgym.blender.render.shader_nodes.readers import READERS
from blendgym.blender.render.shader_nodes.terms import NotMatt, Term, constant, number_of, plain


class Nodes:
    """The nodes of one tree, with the groups that lead to those which are being read.

    Args:
        object_colour: Of the object that has the material, linear RGBA.
    """

    def __init__(self, object_colour: Sequence[float] = (1.0, 1.0, 1.0, 1.0)) -> None:
        self.object_colour = object_colour
        self._groups: list[Any] = []

    def source(self, socket: Any) -> Any:
        """The socket of another node that an input is linked to; ``None`` if it has a value of its own."""
        links = [link for link in socket.links if not link.is_muted]
        if not links:
            return None
        output = links[0].from_socket
        node = output.node
        if node.mute:
            passed = next((link for link in node.internal_links if link.to_socket == output), None)
            return self.source(passed.from_socket) if passed else None
        return self.source(node.inputs[0]) if node.type == "REROUTE" else output

    def number(self, socket: Any) -> Term:
        """What stands at an input that takes a number."""
        return number_of(self.term(socket))

    def term(self, socket: Any) -> Term:
        """What stands at an input.

        Raises:
            NotMatt: If nothing can be said without shading; it names the node.
        """
        output = self.source(socket)
        if output is None:
            return constant(plain(socket.default_value))
        return self.within(output, self.term, self._output)

    def within(self, output: Any, at: Callable[[Any], Any], otherwise: Callable[[Any], Any]) -> Any:
        """Follows an output through node groups, in and out.

        Args:
            output: Of any node.
            at: What is done with the input of a group's output, or of the group itself.
            otherwise: What is done with the output of any other node.
        """
        node = output.node
        if node.type == "GROUP" and node.node_tree:
            ends = [each for each in node.node_tree.nodes if each.type == "GROUP_OUTPUT" and each.is_active_output]
            if not ends:
                raise NotMatt(f"reads node group {node.node_tree.name!r}, which has no output")
            self._groups.append(node)
            try:
                return at(_by_identifier(ends[0].inputs, output.identifier))
            finally:
                self._groups.pop()
        if node.type == "GROUP_INPUT" and self._groups:
            group = self._groups.pop()
            try:
                return at(_by_identifier(group.inputs, output.identifier))
            finally:
                self._groups.append(group)
        return otherwise(output)

    def _output(self, output: Any) -> Term:
        node = output.node
        read = READERS.get(node.type)
        if read is None:
            raise NotMatt(f"uses node {node.name!r} ({node.bl_label})")
        try:
            return read(self, output)
        except NotMatt as fault:
            known = str(fault)
            raise NotMatt(known if "node" in known else f"{known} in node {node.name!r} ({node.bl_label})") from None


def _by_identifier(sockets: Any, identifier: str) -> Any:
    return next(each for each in sockets if each.identifier == identifier)
