"""Persons: found by number, seen for a purpose, their numbers masked until somebody who may asks for them.

Above the radar: it reads the same lake, one person at a time and always through a scope.
"""
