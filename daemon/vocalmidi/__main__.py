"""`python -m vocalmidi` is the command line."""

from vocalmidi.cli import main

main()
