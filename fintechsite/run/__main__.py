"""`python -m fintechsite.run`, which `make run` calls."""

import os
import signal
import sys
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import DatabaseError

from fintechsite.embedded import attach_for_process
from fintechsite.environment import BASE_DIR, DATA_DIR
from fintechsite.run.alone import RunningError, alone_on
from fintechsite.run.port import PortError, chosen_port, ensure_free

DATABASE_HINT = (
    "DATABASE_URL is the address of the server, such as postgresql://user@host:5432/name; "
    "without it the embedded server runs."
)


def addresses(site: str) -> str:
    pages = {
        "中文": "/zh-hans/",
        "English": "/en/",
        "Admin": "/admin/",
        "API": "/api/v1/docs",
    }
    lines = [f"  {name:<10}{site}{path}" for name, path in pages.items()]
    return "\n".join(["", *lines, "", "  Ctrl-C stops everything.", ""])


def print_accounts(accounts: list[tuple[str, str]]) -> None:
    if accounts:
        print("\nDemo staff for /admin/, printed this once:")
        for name, password in accounts:
            print(f"  {name:<10}{password}")
        print(flush=True)


def refused(reason: str) -> int:
    print(reason, file=sys.stderr)
    return 1


def child_environment(host: str, port: int) -> dict[str, str]:
    programs = Path(sys.executable).parent
    return os.environ | {
        "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "BIND_HOST": host,
        "PORT": str(port),
        "DATA_DIR": str(DATA_DIR),
        "PYTHONUNBUFFERED": "1",
    }


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fintechsite.settings")
    host = os.environ.get("BIND_HOST") or "127.0.0.1"
    try:
        port = chosen_port(os.environ.get("PORT"))
        site = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104
        lock = alone_on(DATA_DIR, site)
        ensure_free(host, port)
        attach_for_process()
        django.setup()
        from fintechsite.run.prepare import prepare
        from fintechsite.run.processes import Processes

        print_accounts(prepare())
    except (PortError, RunningError, CommandError) as error:
        return refused(str(error))
    except (DatabaseError, ImproperlyConfigured) as error:
        return refused(f"The database does not answer as it should.\n{error}\n{DATABASE_HINT}")
    processes = Processes(BASE_DIR / "Procfile", child_environment(host, port))
    processes.when_answering(f"{site}/zh-hans/", lambda: processes.say(addresses(site)))
    processes.loop()
    lock.close()
    stopped_on_purpose = {128 + signal.SIGINT, 128 + signal.SIGTERM}
    return 0 if processes.returncode in stopped_on_purpose else int(processes.returncode or 0)


if __name__ == "__main__":
    sys.exit(main())
