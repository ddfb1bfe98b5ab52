"""The inventory of boxes, conditions on their labels, and which box runs what."""
