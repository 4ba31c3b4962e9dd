"""`python -m bot` is the same program as `xiaoge`."""

from bot.cli import main

if __name__ == "__main__":  # a process that only draws imports this as well
    main()
