"""What this terminal can show."""

import os
import sys

from stresstui.tui.draw.glyphs import ASCII, Glyphs, glyphs_for


def screen_glyphs(*, ascii_only: bool) -> Glyphs:
    """The glyphs that this terminal can show."""
    return ASCII if ascii_only else glyphs_for(sys.stdout.encoding, os.environ)
