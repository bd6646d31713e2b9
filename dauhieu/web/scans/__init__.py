"""Scans from the screen: ordered by a person, a schedule or a delivery, done by a worker, shown and compared.

A scan itself is the core's; what it leaves stands in the store. Here is who asked for it, and how far it has come.
"""
