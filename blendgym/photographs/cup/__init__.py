"""A cup on a table: its outline from renders alone, tested on a photograph of an espresso."""
