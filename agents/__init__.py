"""Training with stable-baselines3: recipes, run folders, evaluation."""
