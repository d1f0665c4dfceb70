"""The files in the private folder of a server (imports nothing, for what a server needs may be missing)."""

LAUNCH_FILE = "launch.json"
REPORT_FILE = "report.json"
VISITORS_FILE = "visitors.log"
