"""How a box is reached and asked: SSH, a Dask worker through it, and what is done there."""
