"""The load that the lab drives through its tunnels, and what it counts."""
