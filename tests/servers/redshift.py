"""A stand-in for Redshift's Data API: requests are checked by botocore, and the statements run on the tests' PostgreSQL.

That is the part of the SQL that both have in common. What only Redshift has is taken out (how rows are spread and sorted) or done
here (COPY of Parquet files, from moto's S3). What Redshift does not have, and PostgreSQL has, is refused.
"""

from __future__ import annotations

import io
import json
import re
from typing import Any

import boto3
import psycopg
import pyarrow.parquet as pq

from tests.servers.aws_calls import client_of

ONLY_HERE = re.compile(r" DISTSTYLE \w+| (?:DIST|SORT)KEY\([^)]*\)")
COPY = re.compile(
    r"COPY (?P<into>\S+) FROM 's3://(?P<bucket>[^/]+)/(?P<prefix>[^']+)' IAM_ROLE (?P<role>'[^']+'|default) FORMAT AS PARQUET"
    r"(?P<nested> SERIALIZETOJSON)?"
)
NOT_IN_REDSHIFT = re.compile(r"\bFILTER\s*\(|IS (NOT )?DISTINCT FROM|ON CONFLICT|BY SOURCE|\bRETURNING\b|EXCEPT ALL|\bTEXT\b")


class RedshiftOnPostgres:
    """One database. `breaks`: a part of a statement before which the connection is lost."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url)
        self.statements: dict[str, dict[str, Any]] = {}
        self.results: dict[str, list[list[dict[str, Any]]]] = {}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.breaks = ""
        self.options: dict[str, str] = {}  # of a target that publishes here

    def client(self) -> Any:
        """boto3's client of the Data API, answered here."""
        return client_of("redshift-data", self.answer)

    def answer(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        self.asked.append((operation, params))
        if operation == "BatchExecuteStatement":
            return {"Id": self._batch(params["Sqls"])}
        if operation == "ExecuteStatement":
            return {"Id": self._alone(params["Sql"])}
        if operation == "DescribeStatement":
            return self.statements[params["Id"]]
        if operation == "CancelStatement":
            return {"Status": True}
        return {"Records": self.results[params["Id"]]}

    def _batch(self, sqls: list[str]) -> str:
        name = f"00000000-0000-0000-0000-{len(self.statements):012}"
        parts: list[dict[str, Any]] = []
        try:
            for number, sql in enumerate(sqls, 1):
                part = f"{name}:{number}"
                parts.append({"Id": part, "Status": "STARTED", "HasResultSet": False})
                if self.breaks and self.breaks in sql:
                    raise KeyboardInterrupt
                rows = self._run(sql)
                parts[-1] |= {"Status": "FINISHED", "HasResultSet": rows is not None}
                self.results[part] = [[_field(one) for one in row] for row in rows or []]
            self.connection.execute("DROP TABLE IF EXISTS fullcircle_stage, fullcircle_keys")  # the session ends
            self.connection.commit()
            self.statements[name] = {"Id": name, "Status": "FINISHED", "SubStatements": parts}
        except psycopg.Error as error:
            self.connection.rollback()
            parts[-1] |= {"Status": "FAILED", "Error": str(error)}
            self.statements[name] = {"Id": name, "Status": "FAILED", "Error": str(error), "SubStatements": parts}
        except BaseException:
            self.connection.rollback()
            raise
        return name

    def _alone(self, sql: str) -> str:
        name = f"00000000-0000-0000-0000-{len(self.statements):012}"
        self.connection.autocommit = True
        try:
            self._run(sql)
        finally:
            self.connection.autocommit = False
        self.statements[name] = {"Id": name, "Status": "FINISHED"}
        return name

    def _run(self, sql: str) -> list[Any] | None:
        assert not NOT_IN_REDSHIFT.search(sql), f"Redshift has no such SQL: {sql}"
        if found := COPY.fullmatch(sql):
            self._copy(**found.groupdict())
            return None
        done = self.connection.execute(_postgres(sql))
        return done.fetchall() if done.description else None

    def _copy(self, into: str, bucket: str, prefix: str, role: str, nested: str | None) -> None:
        s3 = boto3.client("s3")
        cursor = self.connection.execute(f"SELECT * FROM {into} LIMIT 0")
        types = [one.type_display for one in cursor.description or []]
        for one in s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", []):
            table = pq.read_table(io.BytesIO(s3.get_object(Bucket=bucket, Key=one["Key"])["Body"].read()))
            assert len(table.column_names) == len(types), "COPY of Parquet goes by the places of columns"
            assert nested or "jsonb" not in types
            with self.connection.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
                    copy.write_row([json.dumps(value) if isinstance(value, list) else value for value in row])


def _postgres(sql: str) -> str:
    if found := re.fullmatch(r"VACUUM DELETE ONLY (\S+) TO 100 PERCENT", sql):
        return f"VACUUM {found[1]}"
    sql = re.sub(r"\bSUPER\b", "jsonb", re.sub(r"VARBYTE\(\d+\)", "bytea", sql)) if "TABLE" in sql else sql
    return ONLY_HERE.sub("", sql)


def _field(value: Any) -> dict[str, Any]:
    if value is None:
        return {"isNull": True}
    return {"longValue": value} if isinstance(value, int) else {"stringValue": str(value)}
