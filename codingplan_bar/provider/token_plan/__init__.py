"""The Token Plan, personal and a team's: what its answers say, and which of them are asked for when."""
