#!/usr/bin/env python
"""Django's command line, attached to the embedded database where no DATABASE_URL is given."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fintechsite.settings")
    from django.core.management import execute_from_command_line

    from fintechsite.embedded import attach_for_process

    attach_for_process()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
