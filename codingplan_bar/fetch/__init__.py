"""The cold wing: asks the provider, and compiles what it learned for the bars. Seconds, network, heavy imports."""
