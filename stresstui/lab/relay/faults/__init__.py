"""The faults that a relay can carry out, one module each behind the interface in ``base``; ``kinds`` lists them."""
