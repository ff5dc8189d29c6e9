"""The SQL door: the server that BI tools log in to, and who may. What is published there, and for whom, is in publish/."""

from __future__ import annotations

from dataclasses import dataclass

from fullcircle import pipeline
from fullcircle.book.runs import RunLog
from fullcircle.config.sections import Config
from fullcircle.desk import open_desk
from fullcircle.errors import ConfigError, FullcircleError, MissingExtra, NotFound, did_you_mean
from fullcircle.model.progress import Progress
from fullcircle.publish.base import TargetContext
from fullcircle.publish.by_role import EVERYTHING
from fullcircle.publish.send import readers_of, sql_targets, targets_of
from fullcircle.stage import Choice

try:
    from fullcircle.publish.targets.postgres import logins, own_server
except ModuleNotFoundError as error:
    raise MissingExtra(
        f"The SQL door needs the library {error.name}, which is not installed.", "Run: pip install 'fullcircle[sql]'"
    ) from error


@dataclass(frozen=True, slots=True)
class DoorStatus:
    """How a SQL door is: where it is, whether it answers, and who may log in."""

    target: str
    own: bool  # the project's own server
    running: bool
    host: str
    port: int
    database: str
    logins: int
    problem: str = ""


def serve(settings: Config, progress: Progress, port: int = 0, anew: bool = False) -> DoorStatus:
    """Run the own server until `stop`, with what the last run made."""
    own_server.serve(settings.home, port, anew)
    settings = settings.model_copy(update={"publish": settings.publish.model_copy(update={"sql": True})})
    with open_desk(settings, progress) as desk:
        if RunLog(desk.book).last("insights") is not None:
            pipeline.run(desk, Choice(only=("publish",)))
        else:
            progress.say("There is nothing to publish yet: `fullcircle run` fills the tables.")
    return next(one for one in status(settings) if one.own)


def stop(settings: Config) -> bool:
    """Stop the own server; False if it did not run. The next run fills its tables all the same."""
    return own_server.stop_serving(settings.home)


def drop(settings: Config) -> bool:
    """Stop the own server and delete it with all that it holds; False if there is none."""
    return own_server.remove(settings.home)


def status(settings: Config) -> list[DoorStatus]:
    """How the doors of the project are; none if there is none."""
    return [_status(context) for context in _doors(settings).values()]


def _status(context: TargetContext) -> DoorStatus:
    server = None if context.options.get("url") else own_server.own_server(context.folder)
    own = not context.options.get("url")
    where = (server.port, own_server.DATABASE) if server else (0, "")
    if own and (server is None or not own_server.is_running(server)):
        return DoorStatus(context.name, own, False, "127.0.0.1", *where, 0)
    try:
        number = len(logins.logins(context))
    except FullcircleError as error:
        return DoorStatus(context.name, own, False, "127.0.0.1" if own else "", *where, 0, error.message)
    return DoorStatus(context.name, own, True, "127.0.0.1" if own else "", *where, number)


def add_login(settings: Config, name: str, role: str, door: str = "", log: bool = False) -> str:
    """Let somebody log in with a role; returns their password, which is not kept."""
    context = _door(settings, door)
    known = [
        one.name
        for one in readers_of(context.name, targets_of(settings.publish)[context.name], settings.govern, settings.folder) or ()
    ]
    role = role or (EVERYTHING if known == [EVERYTHING] else "")
    if role not in known:
        raise ConfigError(
            f'The role "{role}" does not read at this door.' if role else "A login has a role.", did_you_mean(role, known)
        )
    return logins.add_login(context, name, role, log)


def remove_login(settings: Config, name: str, door: str = "") -> None:
    """From now on they cannot log in."""
    logins.remove_login(_door(settings, door), name)


def all_logins(settings: Config, door: str = "") -> list[logins.SqlLogin]:
    """Who may log in."""
    return logins.logins(_door(settings, door))


def _doors(settings: Config) -> dict[str, TargetContext]:
    return sql_targets(settings.publish, settings.folder, settings.home)


def _door(settings: Config, name: str) -> TargetContext:
    doors = _doors(settings)
    if not doors:
        raise NotFound("This project has no SQL door.", "`fullcircle sql serve` opens one; docs/how-to/sql-door.md.")
    if name not in doors and (name or len(doors) > 1):
        raise NotFound(f'"{name}" is not a SQL door.' if name else "There are several SQL doors.", did_you_mean(name, doors))
    return doors[name] if name else next(iter(doors.values()))
