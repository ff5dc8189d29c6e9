"""Every error fullcircle raises on purpose, in one tree.

    FullcircleError
    ├── ConfigError            the config file or an environment value is wrong                 exit 2
    ├── MissingExtra           an optional library is not installed                             exit 2
    ├── NotFound               no such customer, record, source, store ...                      exit 1
    ├── Ambiguous              words that fit more than one customer                            exit 1
    ├── Contradiction          judgements of people that cannot all be true                     exit 1
    ├── Unhealthy              who is who breaks a limit, so the run was stopped before the graph        exit 4
    ├── QualityStopped         a rule that may stop a run failed, so it was stopped before who is who            exit 4
    ├── NotAllowed             the policy does not let this person do or see this               exit 4
    ├── NotAudited             the audit log could not keep what would be shown: no answer      exit 1
    ├── AuditBroken            the audit log was cut, changed or exchanged                      exit 1
    ├── Busy                   another process is using the book, the tables or the graph       exit 1, retry
    ├── DiskFull               no space left on the disk being written to                       exit 1
    ├── EngineFull             the table engine reached its memory limit                        exit 1
    ├── HomeBroken             a part of the home is lost, damaged or belongs to another place  exit 1
    ├── ErasureOpen            an erasure is noted, but not yet carried out everywhere         exit 1
    ├── SourceError            something is wrong with one source
    │   ├── SourceUnreachable  no answer, port closed, host name does not resolve               exit 3, retry
    │   ├── SourceRefused      login or permission refused                                      exit 3
    │   │   └── ObjectRefused  the user may not read one object: the others are read        exit 3
    │   ├── SourceChanged      a column or table was removed or changed its type                exit 1
    │   ├── SourcesFailed      some sources could not be read: all else was done     that of the sources
    │   ├── TooManyGone        a sweep would delete more than [sources] sweep_share allows      exit 4
    │   └── SourceBroken       the data cannot be read (file truncated or in another format)    exit 1
    ├── StoreError             something is wrong with the graph store
    │   ├── StoreUnreachable                                                                    exit 3, retry
    │   ├── StoreRefused       login or permission refused                                      exit 3
    │   └── QueryError         the store rejects the text of a query                            exit 2
    └── PublishError           the tables could not be written to a target                      exit 1
        ├── TargetUnreachable  the server of a target does not answer, or went away             exit 3, retry
        └── TargetRefused      it refuses the login, or the user lacks a permission             exit 3

Each class has the class attributes `code`, `status` (HTTP), `exit_code` and `retry`. The message says what happened and to
which thing; `hint` says what to do next. Messages never contain personal data or secrets.
"""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum


class ExitCode(IntEnum):
    """What the command line returns to the shell."""

    OK = 0
    FAILED = 1
    USAGE = 2
    UNREACHABLE = 3
    REFUSED = 4
    INTERRUPTED = 130


class FullcircleError(Exception):
    """The base class: a message for a person, and a hint that says what to do next."""

    code = "failed"
    status = 500
    exit_code = ExitCode.FAILED
    retry = False

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def as_json(self) -> dict[str, object]:
        """The error as it appears in JSON output: `{"error": {"code", "message", "hint", "retry"}}`."""
        return {"error": {"code": self.code, "message": self.message, "hint": self.hint, "retry": self.retry}}


class ConfigError(FullcircleError):
    """The config file, an environment value or an option is wrong."""

    code, status, exit_code = "config", 400, ExitCode.USAGE


class MissingExtra(FullcircleError):
    """An optional library is needed but not installed."""

    code, status, exit_code = "missing-extra", 501, ExitCode.USAGE


class NotAllowed(FullcircleError):
    """The policy does not let this person do or see this."""

    code, status, exit_code = "not-allowed", 403, ExitCode.REFUSED


class NotAudited(FullcircleError):
    """The audit log could not keep what would be shown, so it is not shown."""

    code, status, retry = "not-audited", 503, True


class AuditBroken(FullcircleError):
    """The audit log was cut, changed or exchanged."""

    code = "audit-broken"


class NotFound(FullcircleError):
    """The named customer, record, source or plugin does not exist."""

    code, status = "not-found", 404


class Ambiguous(FullcircleError):
    """What was asked for fits more than one customer; the hint names them by their ids."""

    code, status = "ambiguous", 409


class Contradiction(FullcircleError):
    """People decided what cannot all be true; the message names their judgements, by whom and when."""

    code, status = "contradiction", 409


class Unhealthy(FullcircleError):
    """The figures of a run break a limit of the config; nothing after `resolve` was touched."""

    code, status, exit_code = "unhealthy", 409, ExitCode.REFUSED


class QualityStopped(FullcircleError):
    """A rule of quality that may stop a run failed; nothing after `check` was touched."""

    code, status, exit_code = "quality", 409, ExitCode.REFUSED


class Busy(FullcircleError):
    """Another process is using what is needed; trying again later can help."""

    code, status, retry = "busy", 503, True


class DiskFull(FullcircleError):
    """No space is left on the disk being written to."""

    code, status = "disk-full", 507


class EngineFull(FullcircleError):
    """The table engine reached its memory limit."""

    code = "engine-full"


class HomeBroken(FullcircleError):
    """A part of the project's home is lost, damaged or belongs to another place; the hint names the command that heals it."""

    code = "home-broken"


class ErasureOpen(FullcircleError):
    """An erasure is noted, but not yet carried out everywhere; the next run goes on with it."""

    code, status, retry = "erasure-open", 503, True


class SourceError(FullcircleError):
    """Something is wrong with one source."""

    code = "source"


class SourceUnreachable(SourceError):
    """The source does not answer."""

    code, status, exit_code, retry = "source-unreachable", 502, ExitCode.UNREACHABLE, True


class SourceRefused(SourceError):
    """The source refuses the login, or the user lacks a permission."""

    code, status, exit_code = "source-refused", 502, ExitCode.UNREACHABLE


class ObjectRefused(SourceRefused):
    """The user may not read one object of a source. A pull says so and goes on with the others."""

    code = "object-refused"


class TooManyGone(SourceError):
    """More rows seem to be gone from a source than may go without somebody having looked; none was deleted."""

    code, status, exit_code = "too-many-gone", 409, ExitCode.REFUSED


class SourcesFailed(SourceError):
    """Some of several sources could not be read. The others were, and all else was done; `done` is what."""

    code, status = "sources-failed", 502

    failed: Mapping[str, SourceError] = {}
    done: Sequence[object] = ()

    @classmethod
    def of(cls, failed: Mapping[str, SourceError], done: Sequence[object] = ()) -> SourcesFailed:
        """The error of several sources, or of one of several."""
        said = "; ".join(f"{source}: {error.message.rstrip('.')}" for source, error in failed.items())
        hints = list(dict.fromkeys(error.hint for error in failed.values() if error.hint))
        made = cls(
            f"Not all sources could be read. {said}.",
            f"What was read of {'it' if len(failed) == 1 else 'them'} before still counts, and the others are up to date. "
            + " ".join(hints),
        )
        codes = {error.exit_code for error in failed.values()}
        made.exit_code = codes.pop() if len(codes) == 1 else ExitCode.FAILED
        made.retry = all(error.retry for error in failed.values())
        made.failed, made.done = dict(failed), list(done)
        return made


class SourceChanged(SourceError):
    """A table or column of the source was removed, or changed in a way that cannot be followed."""

    code = "source-changed"


class SourceBroken(SourceError):
    """The source's data cannot be read."""

    code = "source-broken"


class StoreError(FullcircleError):
    """Something is wrong with the graph store."""

    code = "store"


class StoreUnreachable(StoreError):
    """The graph store does not answer."""

    code, status, exit_code, retry = "store-unreachable", 502, ExitCode.UNREACHABLE, True


class StoreRefused(StoreError):
    """The graph store refuses the login, or the user lacks a permission."""

    code, status, exit_code = "store-refused", 502, ExitCode.UNREACHABLE


class QueryError(StoreError):
    """The graph store rejects the text of a query."""

    code, status, exit_code = "query", 400, ExitCode.USAGE


class PublishError(FullcircleError):
    """The tables could not be written to a publish target."""

    code = "publish"


class TargetUnreachable(PublishError):
    """The server of a publish target does not answer, or the connection to it was lost."""

    code, status, exit_code, retry = "target-unreachable", 502, ExitCode.UNREACHABLE, True


class TargetRefused(PublishError):
    """The server of a publish target refuses the login, or the user lacks a permission."""

    code, status, exit_code = "target-refused", 502, ExitCode.UNREACHABLE


NAMES_SHOWN = 30  # in a hint


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The hint for an unknown name: the closest known name, else the known names in the order given."""
    names = list(dict.fromkeys(known))
    folded = {each.casefold(): each for each in names}
    close = difflib.get_close_matches(name.casefold(), list(folded), 1, 0.5)
    if close:
        return f'Did you mean "{folded[close[0]]}"?'
    if not names:
        return "None is defined."
    more = len(names) - NAMES_SHOWN
    return f"Valid: {', '.join(names[:NAMES_SHOWN])}{f' and {more} more' if more > 0 else ''}."


NO_SPACE = ("no space left on device", "database or disk is full", "could not write all bytes to file")


def is_disk_full(error: BaseException) -> bool:
    """True if the error, whatever library raised it, says that the disk is full."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    text = str(error).lower()
    return any(sign in text for sign in NO_SPACE)


def disk_full(where: object) -> DiskFull:
    """The error to raise when the disk of `where` (a path) is full."""
    return DiskFull(
        f"No space left on the disk while writing {where}.",
        "Free some space, or set `home` in [project] to a folder on a larger disk. Then run the same command again: it "
        "continues where it stopped.",
    )


def cannot_write(what: str, error: OSError) -> FullcircleError:
    """The error to raise when a path that the user named (`what`: "The file x") cannot be created or written."""
    if is_disk_full(error):
        return DiskFull(
            f"No space left on the disk. {what} could not be written.",
            "Free some space, or name a path on a larger disk. Then run the same command again.",
        )
    reason = (error.strerror or type(error).__name__).lower()
    hint = "Name a path that you are allowed to write to. Everything above it must be a folder."
    return ConfigError(f"{what} cannot be written: {reason}.", hint)
