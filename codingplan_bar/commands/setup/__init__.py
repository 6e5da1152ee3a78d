"""`setup`: what goes where so that a bar shows the quota."""
