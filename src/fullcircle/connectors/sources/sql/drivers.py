"""What drivers must do with values that Python cannot hold: read on, and mark the value as `Odd`. See database.py.

psycopg raises an error for an infinite time or a year outside 1 to 9999, and SQLite's driver for text that is not UTF-8; one
such cell would make the whole table unreadable. PyMySQL returns `0000-00-00` as text and takes a length of time for a time.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from fullcircle.connectors.sources.sql.values import Odd

UNKNOWN = (0, 705)  # types that psycopg does not know, such as enumerations, and text without a type
TEXTS = ("text", "varchar", "bpchar", "name", '"char"', "xml")
TIMES = ("date", "time", "timetz", "timestamp", "timestamptz")
# Read as the database writes them: Python's form would lose digits (JSON) or change the meaning (a month is not 30 days).
AS_TEXT = (
    "interval", "json", "jsonb", "int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange",
    "int4multirange", "int8multirange", "nummultirange", "tsmultirange", "tstzmultirange", "datemultirange",
)  # fmt: skip


def forgiving(engine: sa.Engine) -> None:
    """From now on, connections of this engine return values out of range as `Odd`."""
    if engine.dialect.driver == "psycopg":
        sa.event.listen(engine, "do_connect", _connected)
    elif engine.dialect.driver == "pysqlite":
        sa.event.listen(engine, "connect", _sqlite)
    elif engine.dialect.driver == "pymysql":
        sa.event.listen(engine, "do_connect", _pymysql)


def _connected(dialect: Any, _: Any, arguments: Any, named: Any) -> Any:
    """Connect, before SQLAlchemy reads anything itself: it cannot read bytes where text belongs."""
    connection = dialect.connect(*arguments, **named)
    _psycopg(connection)
    return connection


def _psycopg(connection: Any) -> None:
    import psycopg
    from psycopg.types.string import TextLoader as Text

    adapters = connection.adapters

    class Forgiving(psycopg.adapt.Loader):
        """The usual reader of a type; what it refuses is Odd."""

        def __init__(self, oid: int, context: Any = None) -> None:
            super().__init__(oid, context)
            self._usual = usual[oid](oid, context)

        def load(self, data: Any) -> Any:
            try:
                return self._usual.load(data)
            except (psycopg.Error, ValueError, OverflowError):
                return Odd(bytes(data).decode("utf-8", "replace"))

    usual: dict[int, Any] = {}
    for name in TIMES:
        oid = adapters.types[name].oid
        usual[oid] = adapters.get_loader(oid, psycopg.pq.Format.TEXT)
        adapters.register_loader(oid, Forgiving)
    if connection.info.encoding == "ascii":  # SQL_ASCII: the database does not know the encoding, and psycopg returns bytes

        class Text(psycopg.adapt.Loader):  # type: ignore[no-redef]
            """Text that should be UTF-8."""

            def load(self, data: Any) -> str:
                return _text(bytes(data))

        for oid in (*UNKNOWN, *(adapters.types[name].oid for name in TEXTS)):
            adapters.register_loader(oid, Text)
    for name in AS_TEXT:
        if name in {one.name for one in adapters.types}:
            adapters.register_loader(name, Text)


def _pymysql(_dialect: Any, _: Any, _arguments: Any, named: dict[str, Any]) -> None:
    """Say how values are read, in which form the server sends them, and how long it waits while we land a page."""
    from pymysql.constants import FIELD_TYPE
    from pymysql.converters import conversions

    def forgiving(usual: Any) -> Any:
        def load(text: str) -> Any:
            value = usual(text)
            return Odd(value) if isinstance(value, str) else value  # 0000-00-00, or a day that does not exist

        return load

    times = (FIELD_TYPE.DATE, FIELD_TYPE.DATETIME, FIELD_TYPE.TIMESTAMP)
    named["conv"] = {
        **conversions,
        **{one: forgiving(conversions[one]) for one in times},
        FIELD_TYPE.TIME: str,  # a length of time as well as a time of the day: 838:59:59
        FIELD_TYPE.BIT: lambda data: int.from_bytes(data, "big"),
    }
    named["charset"] = "utf8mb4"  # in any other one the server replaces what it cannot say by ?
    named["init_command"] = "SET time_zone = '+00:00', net_write_timeout = 3600"


def _sqlite(connection: Any, _: Any) -> None:
    connection.text_factory = _text


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return Odd(data.decode("utf-8", "replace"))
