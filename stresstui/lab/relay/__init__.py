"""Relays that stand on the wire: they read handshakes and connections, and cause the injected faults."""
