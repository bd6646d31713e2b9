"""Wrongs as people do them, one module a family, and the innocent who look alike.

A *deed* is what a unit does; it says nothing of how anybody would notice it. Each carries a strength from 1 (barely
visible) to 100. The innocent deeds resemble a violation for a good reason.
"""
