"""A server, a proxy and certificates that do what no provider should, on loopback."""
