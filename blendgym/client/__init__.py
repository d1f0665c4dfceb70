"""The trainer's side: finding and launching Blender, talking to it, and the Gymnasium environment."""
