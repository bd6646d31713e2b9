"""The doctor: every check of deployment and safety as one line, green, amber or red, with what to do.

Amber is what a demo may do and production should not, or what will become red; red is what must be mended now. A quick
look takes a second and reads no whole file; a thorough one follows the whole trail and compares every file of the store
with its checksum.
"""
