"""The catalogue: signs, the views they share, the violations they point at, and the examples which prove them.

All of it is data (`signs/**/*.yaml`, `views/*.sql`, `violations.yaml`); this room reads it into frozen types and
reports every fault with file and line. Nothing here runs SQL.
"""
