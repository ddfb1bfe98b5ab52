"""The live screen. It reads a run through ``engine.record``, and asks its supervisor through ``engine.control``.

``app`` folds a run and draws it on a ``terminal``; ``screens`` hold ``panes``, which are ``widgets`` that draw a View
with what is in ``draw``; ``themes`` are the palettes. Enter by ``app.run_app``.
"""
