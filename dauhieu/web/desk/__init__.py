"""The desk: what waits for one account, whichever room it comes from."""
