"""The live screen. It reads a run through ``engine.journal``, and asks its supervisor through ``engine.control``.

``app`` follows a run and draws it; ``screens`` are made of ``widgets``, which draw a ``view``; ``figures`` are the
numbers of a vital, ``ink`` and ``glyphs`` what is drawn with, ``themes`` the palettes. Enter by ``app.run_app``.
"""
