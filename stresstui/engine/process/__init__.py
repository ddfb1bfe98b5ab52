"""Processes of the operating system: started, watched, found, ended. What they print is ``engine.output``'s."""
