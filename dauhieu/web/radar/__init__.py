"""The radar: where it is worst, which units, and why. Reads what scans have left in the store, through a scope."""
