"""`python -m tumen`: the same as the command `tumen`."""

from tumen.cli import main

if __name__ == "__main__":
    main()
