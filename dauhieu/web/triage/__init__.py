"""Triage: somebody looks at each finding and says what is to become of it. A finding keeps that from scan to scan."""
