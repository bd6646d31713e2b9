"""`python -m dauhieu.cli` is the program."""

from dauhieu.cli.main import main

main()
