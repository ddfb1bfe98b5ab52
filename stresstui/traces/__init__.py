"""Recorded numbers as people have them, read as points in time: one module per format behind ``reader``.

A file that is not surely understood is refused with the place and the mend, never misread. What they mean is
``core.growth``'s.
"""
