"""Packs: signs which one agency hands to another, with their views and examples, in one signed archive.

A pack is data like a delivery: it is read with bounds, believed only when a key which the site trusts has signed it,
and put into the site catalogue whole or not at all, after its signs have climbed the ladder here.
"""
