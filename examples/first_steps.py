"""From ``gym.make`` to a picture: an episode with a heavy cart and a feedback law, and its last frame as a PNG.

python examples/first_steps.py cartpole.png
"""

import sys

import gymnasium as gym
import imageio.v3 as imageio
import numpy as np

import blendgym  # noqa: F401 (registers the ids)


def main(path: str = "cartpole.png") -> None:
    """Balances the pole for two seconds and saves what the camera sees."""
    env = gym.make("BlendCartpole-v0", render_mode="rgb_array", render_width=1280, render_height=480)
    observation, info = env.reset(seed=7, options={"params": {"cart.mass": 1.7}})
    print("In effect:", info["params"])
    lean = 0.06  # rad
    for _ in range(100):
        action = np.clip([5.0 * (observation[2] - lean) + observation[3]], -1, 1).astype(np.float32)
        observation, _, terminated, _, _ = env.step(action)
        if terminated:
            break
    print(f"After two seconds: x = {observation[0]:.2f} m, angle = {np.degrees(observation[2]):.1f} degrees")
    imageio.imwrite(path, env.render())
    env.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
