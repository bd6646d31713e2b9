"""Administration: accounts with their roles and territories, and the doctor, who tells if the site is fit to serve.

An administrator manages what lies within his own reach, and never himself.
"""
