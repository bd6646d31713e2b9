"""Findings: from the rows a sign returns to complete findings with codes, places, states and facts; reading them
back, explaining them in words, showing the evidence behind one, and handing them out as files.
"""
