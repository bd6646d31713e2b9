"""Identity numbers of persons which the site has to keep: sealed at rest, found by a blind index, named by a handle.

A handle is drawn by lot and says nothing; it stands for the person in addresses and in the trail. The keys lie outside
the database, so that a copy of it alone tells no number. Only sealing.py knows the cipher.
"""
