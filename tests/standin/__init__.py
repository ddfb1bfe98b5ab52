"""A stand-in for the Rust project: its workspace, features, test names and printed lines, on Rust's std alone.

STANDIN_SPEEDUP divides the durations of its tests; STANDIN_LEAK_FDS is how many descriptors each connection leaves.
"""

import shutil
from pathlib import Path

WORKSPACE = Path(__file__).parent / "workspace"


def make_workspace(root: Path) -> Path:
    """Put the workspace into a folder, which is made."""
    shutil.copytree(WORKSPACE, root)
    return root
