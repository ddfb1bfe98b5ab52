"""Figures, glyphs and charts as text: no widgets."""
