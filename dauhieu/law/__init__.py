"""The law as dated data: statutory parameters with their sources, the few rules which compute, and working days.

Every rate, ceiling, age, deadline and fine stands in `parameters/*.yaml`, one file a topic, with its time of force.
Code asks `law().value(name, day)`; the compiler turns the same spans into SQL. A change of law is a change of data.
"""
