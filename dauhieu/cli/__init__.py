"""The command line: words typed in a terminal become calls of the rooms below. Results go to stdout, progress and
errors to stderr; `--json` prints JSON alone; the exit code tells the kind of error.
"""
