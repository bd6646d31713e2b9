"""The trail: who did or read what, when and for which purpose. Entries are only ever added, each sealed to the one
before it, so that a change or a loss shows. It holds no foreign keys: it outlives what it describes.
"""
