"""Studies: locked exams, fair comparisons of teachers, honest statistics."""
