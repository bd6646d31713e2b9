"""The look of the site: design tokens, base template, components, formats of numbers and dates, languages.

Knows nothing of what is shown. A component is an inclusion tag of templatetags/ui.py with its template in
templates/ui/.
"""
