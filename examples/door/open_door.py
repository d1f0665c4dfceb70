"""Opens the door by a feedback law, and saves what the camera sees in the end.

python open_door.py door.png
"""

import sys

import gymnasium as gym
import numpy as np
from door import OPEN
from PIL import Image

from blendgym.registry import ENTRY_POINT, VECTOR_ENTRY_POINT

gym.register(
    "Door-v0", ENTRY_POINT, vector_entry_point=VECTOR_ENTRY_POINT, kwargs={"task": "door:Door"}, max_episode_steps=100
)


def main(path: str = "door.png") -> None:
    """One episode with a door of random mass, friction and motor."""
    env = gym.make("Door-v0", render_mode="rgb_array", randomize="dynamics")
    observation, info = env.reset(seed=7)
    print("In effect:", info["params"])
    ended = False
    while not ended:
        action = np.clip([2.0 * (OPEN - observation[0]) - observation[1]], -1, 1).astype(np.float32)
        observation, _, terminated, truncated, _ = env.step(action)
        ended = terminated or truncated
    print(f"After five seconds: {np.degrees(observation[0]):.0f} degrees")
    Image.fromarray(env.render()).save(path)
    env.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
