"""Is it growing? Leaks of memory, descriptors and sockets, and, mirrored, degrading throughput."""

from stresstui.core.growth.detector import GrowthDetector
from stresstui.core.growth.hold_time import Patience
from stresstui.core.growth.judgement import Judgement, State
from stresstui.core.growth.kind import Kind
from stresstui.core.growth.replay import Replay, replay

__all__ = ["GrowthDetector", "Judgement", "Kind", "Patience", "Replay", "State", "replay"]
