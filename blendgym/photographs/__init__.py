"""Studies on real photographs: what networks that have only seen renders are worth there."""
