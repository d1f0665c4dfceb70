"""The meta-environment: its actions are randomization parameters, its episodes the lives of students."""
