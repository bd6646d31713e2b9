"""Studies of findings over months: what a sign would have found, what signs find together, and what changed why."""
