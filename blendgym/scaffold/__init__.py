"""Writing rooms: environments that begin as templates, for the command line and for the add-on."""

from blendgym.scaffold.writing import check_name, check_new, new_folder, title_of, write_files

__all__ = ["check_name", "check_new", "new_folder", "title_of", "write_files"]
