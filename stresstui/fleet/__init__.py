"""Several boxes, one verdict: each box owns its runs; here they are started, followed and judged together.

Nothing here watches processes: that is each box's supervisor. What is known of a run is its journal, which is copied
from its box as it grows; a controller that goes away takes nothing with it.
"""
