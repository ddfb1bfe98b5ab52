"""The live screen. It reads a run through ``engine.record``, and asks its supervisor through ``engine.control``.

``app`` draws a run that ``follow`` folds, on the terminal that ``tty`` writes to; ``screens`` hold ``panes``, which
are ``widgets`` that draw a View with what is in ``draw``; ``themes`` are the palettes. Enter by ``app.run_app``.
"""
