"""The supervisor and its parts: runner, output, sampler, journal, control."""
