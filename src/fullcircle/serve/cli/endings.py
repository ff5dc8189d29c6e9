"""How a command ends when it does not end well: stopped by a signal, output that cannot be written, an error nobody foresaw."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import time
import traceback
from contextlib import suppress
from pathlib import Path
from types import FrameType

from fullcircle.errors import FullcircleError, disk_full, is_disk_full
from fullcircle.pipeline import STAGES

CONTINUES = "The same command continues where it stopped."
BEGINS = "The same command begins anew."
WORKS = frozenset(("run", "demo", *(stage.name for stage in STAGES)))  # what they did is kept, stage by stage
PATIENT_SECONDS = 10.0  # a library that does not stop by then is left: every step may be killed
AGAIN_SECONDS = 0.5  # until the signal comes again where its exception was lost
FILE = "last-error.txt"
PACKAGE = Path(__file__).parents[2]
WORDS = {"SIGINT": "Interrupted", "SIGTERM": "Stopped by SIGTERM", "SIGHUP": "Stopped by SIGHUP (the terminal was closed)"}


class Stopped(BaseException):
    """A signal asks the command to stop. Not an Exception, nor a KeyboardInterrupt: no library takes it for its own."""


class Signals:
    """What a command does about the signals that ask it to stop; `received` is the first of them, 0 if none came."""

    def __init__(self) -> None:
        self.received = 0
        self.arrived = False  # Stopped has come up to the command line, which now ends
        self._reader, self._writer = os.pipe()

    def watch(self) -> None:
        """From now on a signal raises Stopped, and ends the process itself where a library holds on for too long."""
        sys.unraisablehook = _unraisable
        os.set_blocking(self._writer, False)
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        for name in WORDS:
            number = getattr(signal, name)
            if signal.getsignal(number) is not signal.SIG_IGN:  # under nohup, SIGHUP stays ignored
                signal.signal(number, self._stop)
        threading.Thread(target=self._insist, daemon=True).start()

    def _stop(self, number: int, _: FrameType | None) -> None:
        self.received = self.received or number
        raise Stopped

    def _insist(self) -> None:
        """Runs beside the command, also while a library does not let Python handle signals."""
        wanted = {int(getattr(signal, name)) for name in WORDS}
        while (number := os.read(self._reader, 1)[0]) not in wanted:
            pass
        until = time.monotonic() + PATIENT_SECONDS
        while time.monotonic() < until:
            time.sleep(AGAIN_SECONDS)
            if not self.arrived and not _is_unwinding():
                signal.pthread_kill(threading.main_thread().ident or 0, number)
        self.received = number
        with suppress(OSError):
            os.write(2, f"{self.line()}\n".encode())
        os._exit(self.code)

    def line(self) -> str:
        """What a person reads."""
        return f"{WORDS[signal.Signals(self.received).name]}. {CONTINUES if _continues() else BEGINS}"

    @property
    def code(self) -> int:
        """The exit code, as shells know it."""
        return 128 + self.received


def _unraisable(found: sys.UnraisableHookArgs) -> None:
    """A destructor that Stopped was raised in says nothing of it: the signal comes again."""
    if not issubclass(found.exc_type, Stopped):
        sys.__unraisablehook__(found)


def _is_unwinding() -> bool:
    """True while the main thread closes what Stopped has come past. A destructor or a library may have swallowed it instead."""
    found = sys._current_exceptions().get(threading.main_thread().ident or 0)
    one: BaseException | None = found[1] if isinstance(found, tuple) else found  # three parts before Python 3.12
    while one is not None and not isinstance(one, Stopped):
        one = one.__context__
    return one is not None


def flush() -> None:
    """Write what is still held back for stdout. FullcircleError if that fails."""
    try:
        sys.stdout.flush()
    except OSError as error:
        silence(sys.stdout)
        if not isinstance(error, BrokenPipeError):
            raise _no_output(error) from error


def _no_output(error: OSError) -> FullcircleError:
    reason = (error.strerror or type(error).__name__).lower()
    return FullcircleError(
        f"The output could not be written: {reason}.", "Send it to another place. What the command was to do is done."
    )


def _while_drawing(error: BaseException) -> bool:
    """True if the error happened while the command line itself was at work, which only draws: no other room was called."""
    files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    ours = [name for name in files if PACKAGE in Path(name).parents]
    return bool(ours) and PACKAGE / "serve" in Path(ours[-1]).parents


def silence(stream: object) -> None:
    """Nothing more goes to this stream: not even what Python writes when it ends."""
    with suppress(OSError, AttributeError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())  # type: ignore[attr-defined]
        os.close(nothing)


def explained(error: Exception) -> FullcircleError:
    """The error to report for one that nobody foresaw. Its text may hold data, so it is not shown; a file keeps the place."""
    if isinstance(error, OSError) and not error.filename and _while_drawing(error):
        silence(sys.stdout)
        return _no_output(error)
    if is_disk_full(error):
        return disk_full(getattr(error, "filename", None) or "a file")
    kept = _keep(error)
    reason = f"{(error.strerror or '').lower()}: {error.filename}" if isinstance(error, OSError) and error.filename else ""
    return FullcircleError(
        f"Something unexpected happened ({type(error).__name__}{f', {reason}' if reason else ''}).",
        f"Where it happened is in {kept}, without any values: please send it with a report of this error. `fullcircle doctor` "
        "may find the reason.",
    )


def _keep(error: Exception) -> Path | str:
    text = without_values(error)
    for place in (_home(), Path(tempfile.gettempdir())):
        if place is None or not place.is_dir():
            continue
        with suppress(OSError):
            handle, name = tempfile.mkstemp(prefix="error-", dir=place)  # 0600
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
            kept = place / FILE if place != Path(tempfile.gettempdir()) else Path(name)
            Path(name).replace(kept)
            return kept
    return "no file: none could be written"


def _home() -> Path | None:
    from fullcircle.config.read import load_config

    named = next((after for word, after in zip(sys.argv, sys.argv[1:], strict=False) if word in ("-c", "--config")), None)
    try:
        return load_config(Path(named) if named else None).home
    except Exception:
        return None


def without_values(error: BaseException) -> str:
    """The traceback with files, lines and the types of the errors, but none of their texts, which may hold rows."""
    from fullcircle import __version__

    parts = [f"fullcircle {__version__}, python {sys.version.split()[0]}, command {_verb()}"]
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        parts.append("".join(traceback.format_tb(one.__traceback__)) + f"{type(one).__module__}.{type(one).__qualname__}")
        one = one.__cause__ or one.__context__
    return "\n\n".join(parts) + "\n"


def _verb() -> str:
    return next(iter(_words()), "none")


def _words() -> list[str]:
    return [word for word in sys.argv[1:] if word.isalpha()]


def _continues() -> bool:
    """True for a command that keeps what it did, stage by stage."""
    return _verb() in WORKS and "--dry-run" not in sys.argv and (_verb() != "graph" or "sync" in _words()[1:2])
