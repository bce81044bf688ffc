"""Who runs the server. PostgreSQL refuses to run as root, so root lends it an account."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fintechsite.embedded.errors import EmbeddedDatabaseError

ACCOUNT_NAME = "pgserver"
READ_AND_ENTER = stat.S_IRGRP | stat.S_IROTH | stat.S_IXGRP | stat.S_IXOTH


def announce(change: str) -> None:
    """Tell whoever runs as root what is changed on the machine, as it is changed."""
    print(f"embedded database, as root: {change}", file=sys.stderr)


@dataclass(frozen=True, slots=True)
class Account:
    """The user the server runs as: oneself, or (as root) a system user without a login."""

    uid: int
    gid: int
    is_lent: bool

    def run_as(self) -> dict[str, Any]:
        """Arguments for subprocess.run."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_lent else {}

    def take(self, folder: Path) -> None:
        """Make ``folder`` the server's own: no other user may enter it."""
        folder.chmod(0o700)
        if self.is_lent:
            os.chown(folder, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        state = folder.stat()
        if state.st_uid == self.uid:
            return bool(state.st_mode & stat.S_IXUSR)
        return bool(state.st_mode & stat.S_IXOTH)

    def open_way_to(self, path: Path) -> None:
        """Let the lent account pass through the folders above ``path`` (pass, not list)."""
        if not self.is_lent:
            return
        for folder in path.resolve().parents:
            if not self.can_enter(folder):
                folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
                announce(f"others may now pass through (not list) {folder}")

    def open_installation(self, folder: Path) -> None:
        """Let the lent account read and run what a wheel installed under a strict umask."""
        if not self.is_lent:
            return
        self.open_way_to(folder)
        closed = [
            each
            for each in (folder, *folder.rglob("*"))
            if not each.is_symlink() and not each.stat().st_mode & stat.S_IROTH
        ]
        for each in closed:
            mode = each.stat().st_mode
            runs = each.is_dir() or mode & stat.S_IXUSR
            each.chmod(mode | (READ_AND_ENTER if runs else stat.S_IRGRP | stat.S_IROTH))
        if closed:
            announce(f"others may now read PostgreSQL's programs in {folder}")


def _lent_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(ACCOUNT_NAME)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if useradd is None:
        raise EmbeddedDatabaseError(
            "PostgreSQL does not run as root, and `useradd` is missing, so no account can be made "
            f"for it. Add a user named {ACCOUNT_NAME}, run as another user, or set DATABASE_URL."
        )
    options = ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "--user-group"]
    subprocess.run([useradd, *options, ACCOUNT_NAME], check=False, capture_output=True)
    announce(f"added the system user {ACCOUNT_NAME} (no login, no home), who runs PostgreSQL")
    try:
        return pwd.getpwnam(ACCOUNT_NAME)
    except KeyError as error:
        raise EmbeddedDatabaseError(f"The user {ACCOUNT_NAME} could not be added.") from error


def database_account(data: Path) -> Account:
    """The account for the server on ``data``; as root it is the folder's owner, or made for it."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), is_lent=False)
    if data.exists() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid, is_lent=True)
    entry = _lent_account()
    return Account(entry.pw_uid, entry.pw_gid, is_lent=True)
