"""One process that asks the site's WSGI application with a key; run by test_load as a program.

Arguments: address, key, how often. It says "ready", waits for a line, and prints how many answers
had which status as JSON.
"""

import json
import sys
from collections import Counter
from wsgiref.util import setup_testing_defaults

import django


def main(url: str, key: str, times: str) -> None:
    django.setup()
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()
    print(json.dumps(Counter(_status(application, url, key) for _ in range(int(times)))))  # noqa: T201


def _status(application: object, url: str, key: str) -> int:
    environ = {"PATH_INFO": url, "HTTP_AUTHORIZATION": f"Api-Key {key}", "REMOTE_ADDR": "127.0.0.1"}
    setup_testing_defaults(environ)
    statuses: list[str] = []
    answer = application(environ, lambda status, headers: statuses.append(status))  # type: ignore[operator]
    answer.close()
    return int(statuses[0][:3])


if __name__ == "__main__":
    main(*sys.argv[1:])
