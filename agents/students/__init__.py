"""Students: what learns under randomization, behind one interface."""
