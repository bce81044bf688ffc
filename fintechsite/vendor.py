"""The files of others that the site serves, taken unchanged from npm: `make vendor`.

Each folder's `VERSION` names the package and its version; to move to another one, edit it there and
run this again.
"""

import subprocess
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
# folder → what is kept of its package
KEPT = {
    "fonts/inter": ("LICENSE", "files/inter-latin-wght-normal.woff2"),
    "fonts/source-serif-4": ("LICENSE", "files/source-serif-4-latin-wght-normal.woff2"),
    "htmx": ("LICENSE", "dist/htmx.min.js"),
}


def fetch(folder: str, kept: tuple[str, ...]) -> str:
    """Take the files of one package; the package and version that were taken."""
    name, version = (VENDOR / folder / "VERSION").read_text().split()
    with tempfile.TemporaryDirectory() as draft:
        command = ["npm", "pack", "--silent", "--pack-destination", draft, f"{name}@{version}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        with tarfile.open(next(Path(draft).glob("*.tgz"))) as package:
            for path in kept:
                member = package.extractfile(f"package/{path}")
                if member is None:
                    raise FileNotFoundError(f"{name}@{version} has no {path}")
                (VENDOR / folder / Path(path).name).write_bytes(member.read())
    return f"{name} {version}"


def main() -> None:
    for folder, kept in KEPT.items():
        print(f"{folder}: {fetch(folder, kept)}")


if __name__ == "__main__":
    main()
