"""Scoring: the findings on a subject add up to points with reasons; subjects are put in order of whom to look at."""
