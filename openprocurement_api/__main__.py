"""`python -m openprocurement_api` is the program `openprocurement`."""

import sys

from .cli import main

sys.exit(main())
