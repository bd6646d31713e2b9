"""Scoring: the findings on a subject add up to points with reasons, and subjects are put in order of whom to look at."""
