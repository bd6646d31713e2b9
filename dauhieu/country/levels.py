"""Levels of care, from the station of a commune to the hospital of a province."""

from __future__ import annotations

_UP = "['initial', 'basic', 'specialised']"
# Whether a house of the level `facility` does what the level `service` does: each does what those below it do.
DOES = f"list_position({_UP}, {{service}}) <= list_position({_UP}, {{facility}})"
