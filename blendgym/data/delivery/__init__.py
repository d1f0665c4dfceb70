"""How samples get from a stream into PyTorch: into training loops, and into the processes that work for them."""
