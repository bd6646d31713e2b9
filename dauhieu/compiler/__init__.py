"""The compiler: the SELECT of a sign, a view or an evidence query becomes checked SQL of one engine.

It reads the contract and the law, never the data. The passes stand in `compile.PASSES`; each checks or rewrites one
thing. What a SELECT may say is data in `dialect.py`; the functions of our own are the table in `calc.py`.
"""
