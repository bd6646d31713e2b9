"""Deliveries: the door through which data of others comes in. Each format is one module which yields rows of contract
tables; `checks` turns them into typed rows, sets aside what cannot be stored and notes what is strange; `load` is the
whole way of one delivery, from its files to one new version of the store or to none.
"""
