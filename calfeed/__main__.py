"""``python -m calfeed`` is the same program as ``calfeed``."""

from calfeed.cli.main import main

if __name__ == "__main__":
    main()
