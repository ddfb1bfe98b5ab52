"""Is it growing? Leaks of memory, descriptors and sockets, and, mirrored, degrading throughput."""

from stresstui.core.growth.detector import GrowthDetector
from stresstui.core.growth.hold_time import Patience
from stresstui.core.growth.judgement import Judgement, State, leak_called
from stresstui.core.growth.kind import Kind
from stresstui.core.growth.replay import Replay, replay
from stresstui.core.growth.window_tests import Objection

__all__ = ["GrowthDetector", "Judgement", "Kind", "Objection", "Patience", "Replay", "State", "leak_called", "replay"]
