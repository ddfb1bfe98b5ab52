"""Everything that touches a running test: it is launched, supervised, read, recorded and steered from here.

What its numbers mean is ``core``'s; how they look is ``tui``'s, ``headless``'s and ``report``'s.
"""
