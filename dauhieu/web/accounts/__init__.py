"""Accounts, what each may do, and where: permissions, roles which are lists of them, territories which bound them.

A view says which permission it needs and is handed the scope in which the user has it; what it reads goes through that
scope, in the store and in the database alike. Whatever is not allowed by name is refused.
"""
