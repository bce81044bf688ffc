"""Where the environment is read: by settings, and by the launcher before settings exist."""

import os
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
# A developer's own file, never committed; real environment variables win over it.
env.read_env(os.environ.get("ENV_FILE", str(BASE_DIR / ".env")))

DEBUG: bool = env.bool("DEBUG", default=False)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data"))).resolve()
DATABASE_URL_FILE = DATA_DIR / "database-url"

# A tool that only reads settings (a type checker, say) gets an address at which nothing answers,
# never a database that merely happens to listen on this machine.
NOWHERE = "postgresql:///fintech?host=/nonexistent"


def development_database_url() -> str:
    """The address of the embedded server where one is running, else of nothing at all."""
    try:
        return DATABASE_URL_FILE.read_text().strip() or NOWHERE
    except OSError:
        return NOWHERE
