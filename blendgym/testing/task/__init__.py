"""What any task has to do: the checks behind ``CONFORMANCE_CHECKS``."""
