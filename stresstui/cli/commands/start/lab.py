"""``stresstui lab``: the embedded lab's own commands, the same as ``python -m stresstui.lab``."""

from stresstui.lab.__main__ import main as lab

__all__ = ["lab"]
