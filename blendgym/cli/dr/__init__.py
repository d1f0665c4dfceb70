"""``blendgym dr``: adaptive domain randomization."""
