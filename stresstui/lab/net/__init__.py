"""Small pieces of network code that both load and relays use: SOCKS, payloads, latencies."""
