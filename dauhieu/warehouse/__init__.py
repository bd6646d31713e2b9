"""The warehouse: the data contract (what tables exist and what their columns mean), the versioned store which
holds them, and the keys which stand for codes. The contract is data (`tables/*.yaml`, `kinds.yaml`); the store,
the checks on delivery, the compiler and the manual all read it.
"""
