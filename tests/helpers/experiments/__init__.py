"""What is tried in the laboratory, by subject. Each function makes a scene, simulates it, and returns numbers."""
