"""The secret key of a development machine: made once, kept in the data folder."""

import os
import secrets
from pathlib import Path


def development_secret_key(folder: Path) -> str:
    """The key in ``folder/secret-key``, made on first use, readable by its owner only.

    Web, worker and beat start at once and may all find it missing: the file is written under a
    name of its own and linked into place, so that the first one wins and nobody reads half a key.
    """
    path = folder / "secret-key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f"secret-key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
