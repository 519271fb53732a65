"""``python -m injunction_screen``: the same as the command ``injunction-screen``."""

from injunction_screen.cli import main

if __name__ == "__main__":
    main()
