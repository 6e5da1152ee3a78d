"""The places of prompts, multiplexers and panels: one file for each, in its own language."""
