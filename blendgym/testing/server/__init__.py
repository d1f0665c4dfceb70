"""What any server has to do: the checks behind ``COMPLIANCE_CHECKS``."""
