"""`python -m bot` is the same program as `xiaoge`."""

from bot.cli import main

main()
