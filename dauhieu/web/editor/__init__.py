"""Signs written on the site: drafts, what is wrong with them, tried over the store, and published by two people.

A draft is the text of a sign file and of its examples, and nothing else; what is published are these two files, in the
site folder of the store which every command reads too.
"""
