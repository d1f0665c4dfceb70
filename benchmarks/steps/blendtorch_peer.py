"""blendtorch's own cart-pole at its best, for whoever has a checkout of it and a Blender that it still runs on.

``blendtorch_peer.py CHECKOUT`` launches the checkout's example through the checkout's own client. Two lines of the
example are changed on the fly: no renderer, and the blocking loop instead of the animation system, which needs a
window. Reads numbers of steps from standard input, one a line, and answers each with the seconds that they took.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

RENDERER = "env.attach_default_renderer(every_nth=envargs.render_every)"
ANIMATION = "use_animation=True"


def main() -> None:
    """Serves until standard input ends."""
    checkout = Path(sys.argv[1]).absolute()
    packages = [str(checkout / name) for name in ("pkg_pytorch", "pkg_blender")]
    # Their Blender finds their packages, NumPy and ZeroMQ through the environment.
    os.environ["PYTHONPATH"] = os.pathsep.join(packages + [path for path in sys.path if "site-packages" in path])
    sys.path[:0] = packages[:1]
    from blendtorch.btt.env import RemoteEnv
    from blendtorch.btt.launcher import BlenderLauncher

    example = checkout / "examples" / "control" / "cartpole_gym" / "envs"
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "cartpole.blend.py"
        script.write_text(_without_window((example / "cartpole.blend.py").read_text()))
        launcher = BlenderLauncher(
            scene=example / "cartpole.blend", script=script, named_sockets=["GYM"], background=True
        )
        with launcher as blender:
            env = RemoteEnv(blender.launch_info.addresses["GYM"][0])
            env.reset()
            print("ready", flush=True)
            for line in sys.stdin:
                print(_seconds(env, int(line)), flush=True)


def _without_window(source: str) -> str:
    if RENDERER not in source or ANIMATION not in source:
        raise SystemExit("The example of this checkout is another than the one that is known here.")
    return source.replace(RENDERER, "").replace(ANIMATION, "use_animation=False")


def _seconds(env: Any, steps: int) -> float:
    taken = 0.0
    for step in range(steps):
        start = time.perf_counter()
        _, _, done, _ = env.step(0.1 if step % 2 else -0.1)
        taken += time.perf_counter() - start
        if done:
            env.reset()
    return taken


if __name__ == "__main__":
    main()
