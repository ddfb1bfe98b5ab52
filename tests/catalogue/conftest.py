"""What every test of the catalogue stands on."""

from tests.places import project, user_folder, write

__all__ = ["project", "user_folder", "write"]
