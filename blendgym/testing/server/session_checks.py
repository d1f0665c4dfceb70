"""A server has one client at a time, and carries out each of its requests once."""

from __future__ import annotations

from functools import partial
from typing import Any
from unittest import SkipTest

from blendgym.errors import (
    AccessDenied,
    BlendgymError,
    MalformedMessage,
    ProtocolMismatch,
    ResetNeeded,
    ServerBusy,
    SessionEnded,
)
from blendgym.spaces import leaves
from blendgym.testing.checks import require
from blendgym.testing.rollouts import require_same
from blendgym.testing.server.replies import expect, require_refusal, row_of
from blendgym.testing.server.server_under_test import ServerUnderTest
from blendgym.wire import messages
from blendgym.wire.messages import PROTOCOL_VERSION

MOST_STEPS = 2000
FRESH = "Let a reset set all state."


def check_the_welcome_describes_the_server(server: ServerUnderTest) -> None:
    """Reads the welcome, and holds the first replies to it."""
    server.end_session()
    welcome = server.welcome
    require(
        welcome.protocol[0] == PROTOCOL_VERSION[0],
        f"The welcome should name major version {PROTOCOL_VERSION[0]} of the protocol, but names {welcome.protocol}.",
    )
    require(welcome.slots >= 1, f"A server should have at least one slot, but says that it has {welcome.slots}.")
    require(len(welcome.cameras) > 0, "A server should name its cameras, but names none.")
    spaces, began = leaves(welcome.observation_space), server.reset()
    require(
        began.observations.keys() == spaces.keys(),
        f"Observations should have the arrays {', '.join(spaces)}, as the welcome says, but have "
        f"{', '.join(began.observations)}.",
    )
    for name, space in spaces.items():
        shape, array = (welcome.slots, *space.shape), began.observations[name]
        require(
            array.shape == shape and array.dtype == space.dtype,
            f"Observations {name!r} should be {space.dtype} {shape}, as the welcome says, but are {array.dtype} "
            f"{array.shape}.",
        )
    declared = {spec.name for spec in welcome.parameters}
    for parameters in began.parameters:
        require(
            set(parameters) == declared,
            f"A reset should say which parameters are in effect, {sorted(declared)}, but has {sorted(parameters)}.",
        )


def check_every_reply_has_the_number_of_its_request(server: ServerUnderTest) -> None:
    """Asks this and that, with numbers that are far apart, and listens for one reply to each."""
    client = server.client
    for skipped in (1, 3, 50, 0, 0):
        for _ in range(skipped):
            client.next_number()
        for kind, fields in (
            (messages.Ping, {}), (messages.Step, {"actions": server.actions[0]}),
            (messages.Reset, {"episodes": server.episodes}), (messages.Step, {"actions": server.actions[0][:0]}),
        ):  # fmt: skip
            number = client.next_number()
            reply = client.ask(kind, sequence=number, **fields)
            require(
                reply.sequence == number,
                f"The reply to request {number}, a {kind.__name__}, should have its number, but is a "
                f"{type(reply).__name__} with {reply.sequence}. Send exactly one reply to each request.",
            )


def check_a_request_before_hello_is_refused(server: ServerUnderTest) -> None:
    """Sends every kind of request without a session, and with one that has ended."""
    actions, episodes = server.actions[0], server.episodes
    requests = (
        messages.Ping(), messages.Step(actions=actions), messages.Reset(episodes=episodes), messages.Close(),
    )  # fmt: skip
    ended = server.client.secret
    server.end_session()
    stranger = server.stranger()
    for request in requests:
        what = f"A {type(request).__name__} before any hello"
        require_refusal(stranger.send(request), AccessDenied, what)
    for kind, fields in ((messages.Ping, {}), (messages.Step, {"actions": actions})):
        reply = stranger.ask(kind, session=ended, **fields)
        require_refusal(reply, (SessionEnded, MalformedMessage), f"A {kind.__name__} after the end of its session")
        reply = stranger.ask(kind, **fields)
        require_refusal(reply, SessionEnded, f"A {kind.__name__} of a session that never began")


def check_a_hello_with_a_wrong_token_is_refused(server: ServerUnderTest) -> None:
    """Guesses the token."""
    _check_refused_hello(server, AccessDenied, "A hello with a wrong token", token="guess")  # noqa: S106 (it is wrong)


def check_a_hello_of_another_major_version_is_refused(server: ServerUnderTest) -> None:
    """Speaks a version of the protocol that does not exist."""
    _check_refused_hello(server, ProtocolMismatch, "A hello of protocol 99.0", protocol=(99, 0))


def check_a_hello_without_a_secret_is_refused(server: ServerUnderTest) -> None:
    """Brings a secret that could be guessed."""
    _check_refused_hello(server, AccessDenied, "A hello with a secret of one byte", session=b"x")


def check_a_second_client_is_told_that_the_server_is_busy(server: ServerUnderTest) -> None:
    """Says hello while another client has the session; that one notices nothing."""
    stranger = server.stranger()
    server.require_refused(stranger.hello, ServerBusy, "The hello of a second client")


def check_a_stranger_cannot_act_in_a_session(server: ServerUnderTest) -> None:
    """Steps, resets and closes without the secret of the session."""
    stranger = server.stranger()
    for kind, fields in (
        (messages.Step, {"actions": server.actions[0]}), (messages.Reset, {"episodes": server.episodes}),
        (messages.Close, {}),
    ):  # fmt: skip
        what = f"A {kind.__name__} with the secret of another session"
        server.require_refused(partial(stranger.ask, kind, **fields), SessionEnded, what)


def check_a_repeated_request_is_not_carried_out_again(server: ServerUnderTest) -> None:
    """Sends every step twice, as a client does that has lost a reply."""
    client, expected = server.client, server.undisturbed
    rows = [row_of(server.reset())]
    for actions in server.actions[: len(expected) - 1]:
        number = client.next_number()
        step = {"sequence": number, "actions": actions}
        first, again = (expect(messages.Stepped, client.ask(messages.Step, **step), "A step") for _ in range(2))
        require_same([row_of(again)], [row_of(first)], "The reply to a repeated request", "Keep the last reply.")
        rows.append(row_of(first))
    require_same(rows, expected, "Episodes with every step sent twice", "Carry out a request once.")


def check_an_old_request_is_refused(server: ServerUnderTest) -> None:
    """Sends a step again after a later request was answered."""
    client, actions = server.client, server.actions[0]
    old = client.next_number()
    server.reset()
    repeat = partial(client.ask, messages.Step, sequence=old, actions=actions)
    server.require_refused(repeat, MalformedMessage, "A step with the number of an old one")


def check_a_client_that_comes_back_finds_its_episodes(server: ServerUnderTest) -> None:
    """Says hello again, over another connection, between all steps."""
    mine = server.client

    def come_back() -> None:
        other = server.stranger(mine.secret)
        expect(messages.Welcome, other.hello(sequence=mine.next_number()), "The hello of a client that comes back")

    server.require_undisturbed(come_back, "a client that came back")


def check_the_next_client_begins_anew(server: ServerUnderTest) -> None:
    """Ends a session with episodes under way; the next client has the place, but not those episodes."""
    before = server.play()
    server.end_session()
    reply = server.client.ask(messages.Step, actions=server.actions[0])
    require_refusal(reply, ResetNeeded, "A step of a client that has not called reset, though the one before has,")
    require_same(server.play(), before, "Episodes of the next client", FRESH)


def check_a_step_after_the_end_of_an_episode_is_refused(server: ServerUnderTest) -> None:
    """Plays until an episode ends, and steps once more."""
    before = server.play()
    server.reset()
    terminated: tuple[bool, ...] = ()
    for count in range(MOST_STEPS):
        terminated = server.step(server.actions[count % 2]).terminated
        if any(terminated):
            break
    if not any(terminated):
        raise SkipTest(f"no episode ends within {MOST_STEPS} steps")
    reply = server.client.ask(messages.Step, actions=server.actions[0])
    require_refusal(reply, ResetNeeded, "A step after the end of an episode")
    require_same(server.play(), before, "Episodes after one that had ended", FRESH)


def _check_refused_hello(server: ServerUnderTest, error: type[BlendgymError], what: str, **changes: Any) -> None:
    """Says a hello that must not succeed, with the place free and with the place taken."""
    server.end_session()
    stranger = server.stranger()
    require_refusal(stranger.hello(**changes), error, what)
    server.require_refused(partial(stranger.hello, **changes), error, what)


SESSION_CHECKS = (
    check_the_welcome_describes_the_server,
    check_every_reply_has_the_number_of_its_request,
    check_a_request_before_hello_is_refused,
    check_a_hello_with_a_wrong_token_is_refused,
    check_a_hello_of_another_major_version_is_refused,
    check_a_hello_without_a_secret_is_refused,
    check_a_second_client_is_told_that_the_server_is_busy,
    check_a_stranger_cannot_act_in_a_session,
    check_a_repeated_request_is_not_carried_out_again,
    check_an_old_request_is_refused,
    check_a_client_that_comes_back_finds_its_episodes,
    check_the_next_client_begins_anew,
    check_a_step_after_the_end_of_an_episode_is_refused,
)
