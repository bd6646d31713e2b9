"""The site: where leaders see where it is worst, analysts keep the signs, inspectors read what was found and why.

The only room which knows Django. Its own rooms, top to bottom: urls, desk, administration, sources, triage, scans,
persons, radar, editor, signs, exports, notices, accounts, identities, audit, jobs, ui, practice, settings; a room uses
those below it. What it shows it reads from a store by the functions of the core.
"""
