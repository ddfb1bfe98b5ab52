"""How the real proxies, sing-box and Xray, are configured and started."""
