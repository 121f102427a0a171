"""Where the embedded store keeps its things, and who owns them.

One folder, `EASEL_DATA_DIR/store`, readable by its owner only:

    appendonlydir/   the data
    owner.lock       held (flock) by the one process that runs the store
    address          the URL, for other processes of this machine
    server.pid       the server's process id, to find a leftover after a kill
    server.log       what the server had to say
    store.sock       the socket (elsewhere when the path is too long for a socket)
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import tempfile
from pathlib import Path
from urllib.parse import quote

import psutil

from core.errors import Conflict, Unavailable

# sun_path holds 108 bytes on Linux and 104 on macOS, the closing zero included.
_LONGEST_SOCKET_PATH = 100


class StorePlace:
    """The folder of one embedded store. Creating it makes the folder.

    Raises Unavailable when the folder cannot be made or belongs to somebody else.
    """

    def __init__(self, data_dir: Path) -> None:
        self.folder = (data_dir / "store").absolute()
        _make_private(self.folder)
        self.address_file = self.folder / "address"
        self.pid_file = self.folder / "server.pid"
        self.log_file = self.folder / "server.log"
        self.socket = _socket_path(self.folder)
        self._lock_file = self.folder / "owner.lock"
        self._lock: int | None = None

    @property
    def url(self) -> str:
        return f"unix://{quote(str(self.socket))}?db=0"

    def own(self) -> None:
        """Become the only owner, until `disown` or the end of this process.

        Raises Conflict when another process owns the store.
        """
        lock = os.open(self._lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            os.close(lock)
            raise Conflict(
                f"Easel is already running with the data folder {self.folder.parent}.",
                hint="Stop it first, give this one another EASEL_DATA_DIR, or run `easel worker` "
                "to add a worker to the one that runs.",
            ) from problem
        self._lock = lock

    def disown(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def publish(self) -> None:
        """Tell other processes of this machine where the store is."""
        fresh = self.address_file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(self.url)
        fresh.replace(self.address_file)

    def withdraw(self) -> None:
        self.address_file.unlink(missing_ok=True)

    def leftover(self) -> psutil.Process | None:
        """The living server of this folder that the pid file names, if there is one.

        A process id alone proves nothing (it may have been given away since), so the process must
        also work in this folder, which a server does and nothing else would.
        """
        try:
            process = psutil.Process(int(self.pid_file.read_text().strip()))
            ours = Path(process.cwd()) == self.folder.resolve()
        except (OSError, ValueError, psutil.Error):
            return None
        return process if ours else None

    def log_tail(self, lines: int = 5) -> str:
        """The last lines of the server's log, for an operator."""
        try:
            text = self.log_file.read_text(errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])


def _make_private(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
        private = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
        if private:
            folder.chmod(0o700)
    except OSError as problem:
        raise Unavailable(
            f"The folder {folder} cannot be used: {problem.strerror}.",
            hint="Give EASEL_DATA_DIR a folder that may be written to.",
        ) from problem
    if not private:
        raise Unavailable(
            f"The folder {folder} belongs to somebody else.",
            hint="Give EASEL_DATA_DIR a folder of your own, or remove that one.",
        )


def _socket_path(folder: Path) -> Path:
    """In the folder itself, or where that is too long, in a private folder named after it."""
    path = folder / "store.sock"
    if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    short = Path(tempfile.gettempdir()) / f"easel-{os.getuid()}-{name}"
    _make_private(short)
    return short / "store.sock"
