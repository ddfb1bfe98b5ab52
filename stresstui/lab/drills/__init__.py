"""What the lab does to a tunnel beside its load: visitors with wrong keys, stalls to recover from."""
