"""Notices: what somebody should know without looking for it, in the site and, as he chooses, by mail.

A notice says what happened and how often, never about whom: mails leave the agency's network.
"""
