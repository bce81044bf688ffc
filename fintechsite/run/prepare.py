"""What happens before the servers start: schema, translations, content, demo staff."""

from django.conf import settings
from django.core.management import call_command, get_commands

from fintechsite.demo import create_demo_staff
from fintechsite.messages import compile_catalogues


def prepare() -> list[tuple[str, str]]:
    """Bring database and content up to date; return new demo accounts as (name, password).

    Every step leaves what is there alone: `load_content` applies only what changed in the files
    since it last ran, and accounts are made once.
    """
    compile_catalogues(settings.LOCALE_PATHS)
    call_command("migrate", interactive=False, verbosity=0)
    if "load_content" in get_commands():
        call_command("load_content")
    return create_demo_staff() if settings.DEBUG else []
