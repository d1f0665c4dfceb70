"""Training with stable-baselines3: recipes, runs, evaluation."""
