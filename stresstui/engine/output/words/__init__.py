"""What programs print, as tables: data by which the readers of lines go; no logic."""
