"""Proof: what shows that signs say what they claim: examples, the ladder of checks, planted truth."""
