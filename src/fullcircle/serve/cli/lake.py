"""`fullcircle lake`: the lake on AWS: Athena's views and queries, and Redshift's schema on the same tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fullcircle.model.counting import counted
from fullcircle.serve.cli import asker
from fullcircle.serve.cli.output import AsJson, ConfigFile, as_json, say, table
from fullcircle.serve.cli.terminal import plain

if TYPE_CHECKING:
    from fullcircle.publish.athena.ask import AthenaResult

OnlySql = Annotated[bool, typer.Option("--sql", help="Only print the statements; AWS is not asked.")]
SHOWN = 200  # rows that are drawn


def register(app: typer.Typer) -> None:
    """Add the group."""
    room = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The lake on AWS: athena, redshift.")
    athena = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Ask the lake by Athena: views, queries, query.")
    athena.command("views")(views)
    athena.command("queries")(queries)
    athena.command("query")(query)
    room.add_typer(athena, name="athena")
    redshift = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The lake as a schema of Redshift: schema.")
    redshift.callback()(lambda: None)  # a group, although it has one verb
    redshift.command("schema")(schema)
    room.add_typer(redshift, name="redshift")
    app.add_typer(room, name="lake")


def views(sql: OnlySql = False, config: ConfigFile = None, json: AsJson = False) -> None:
    """Make the 360 views in Athena: customers_360, customer_orders ... in a database of their own, beside that of the lake.

    \b
    Examples:
      fullcircle lake athena views
      fullcircle lake athena views --sql > views.sql
    """
    from fullcircle.config.read import load_config
    from fullcircle.publish.athena.open import database_of, lake_on_aws, open_athena
    from fullcircle.publish.athena.views import ENDING, everything_there, make_views, statements

    settings = load_config(config)
    asker.enter(settings, "publish", "lake athena views")
    database = database_of(lake_on_aws(settings.publish, settings.publish.athena.target)[1])
    if sql:
        for statement in statements(database, everything_there()):
            typer.echo(f"{statement};\n")
        return
    made = make_views(open_athena(settings.publish))
    if json:
        as_json({"database": f"{database}{ENDING}", "views": made})
        return
    say(f"[bold]{plain(f'{database}{ENDING}')}[/] in Athena has {counted(len(made), 'view')}: {', '.join(made)}.")


def queries(json: AsJson = False) -> None:
    """The questions that come with the product, by name.

    \b
    Example:
      fullcircle lake athena queries
    """
    from fullcircle.publish.athena.queries import QUERIES

    rows = [{"name": one.name, "question": one.meaning} for one in QUERIES.values()]
    as_json([{**row, "sql": QUERIES[row["name"]].sql} for row in rows]) if json else table("Queries", rows)


def query(
    name: Annotated[str, typer.Argument(help="One of `lake athena queries`.", show_default=False)] = "",
    sql: Annotated[str, typer.Option("--sql", help="A SELECT of your own over the views.", show_default=False)] = "",
    file: Annotated[Path | None, typer.Option("--file", "-f", help="A file with one.", show_default=False)] = None,
    limit: Annotated[int, typer.Option(min=1, help="Read at most so many rows.")] = 10_000,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Ask the lake by Athena, and say what was scanned and what that cost. Ctrl-C stops the query there, too.

    It asks with the rights of your AWS login, which masks nothing: with [govern] it is for roles that see everything.

    \b
    Examples:
      fullcircle lake athena query segments
      fullcircle lake athena query --sql "SELECT country, count(*) FROM customers_360 GROUP BY 1" --json
    """
    from fullcircle.config.read import load_config
    from fullcircle.publish.athena.open import open_athena
    from fullcircle.publish.athena.views import ENDING

    settings = load_config(config)
    asker.enter(settings, "query", "lake athena query", whole=True)
    text = _text(name, sql, file)
    found = open_athena(settings.publish, ENDING).run(text, limit)
    if json:
        as_json(
            {
                "rows": found.dicts(), "types": {one.name: one.type for one in found.columns}, "query_id": found.query_id,
                "scanned_bytes": found.scanned_bytes, "milliseconds": found.milliseconds, "cost": str(found.cost),
                "reused": found.reused, "cut": found.cut,
            }
        )  # fmt: skip
        return
    table(name or "Result", found.dicts()[:SHOWN], empty="no rows")
    say(_taken(found))


def schema(
    name: Annotated[str, typer.Argument(help="The schema to make in Redshift.")] = "lake",
    target: Annotated[str, typer.Option("--target", help="Which publish target of Redshift, where there are several.")] = "",
    sql: OnlySql = False,
    config: ConfigFile = None,
    json: AsJson = False,
) -> None:
    """Show the tables of the lake in Redshift as an external schema. Nothing is copied; they are read in S3 at each query.

    \b
    Examples:
      fullcircle lake redshift schema
      fullcircle lake redshift schema lake_raw --sql
    """
    from fullcircle.config.read import load_config
    from fullcircle.errors import NotFound, did_you_mean
    from fullcircle.publish.athena.open import database_of, lake_on_aws
    from fullcircle.publish.send import REDSHIFT, contexts_of
    from fullcircle.publish.targets.redshift.external import external_schema, make_external_schema

    settings = load_config(config)
    asker.enter(settings, "publish", "lake redshift schema")
    found = contexts_of(settings.publish, REDSHIFT, settings.folder, settings.home)
    if target not in found and (target or len(found) != 1):
        about = (
            f'"{target}" is not a target of Redshift.'
            if target
            else f"This project has {len(found) or 'no'} targets of Redshift."
        )
        raise NotFound(about, did_you_mean(target, found) if found else "docs/how-to/redshift.md.")
    context = found[target or next(iter(found))]
    database = database_of(lake_on_aws(settings.publish, settings.publish.athena.target)[1])
    if sql:
        typer.echo(f"{external_schema(context, database, name)};")
        return
    make_external_schema(context, database, name)
    if json:
        as_json({"schema": name, "database": database})
        return
    say(f"The schema [bold]{plain(name)}[/] in Redshift shows the tables of [bold]{plain(database)}[/].")


def _text(name: str, sql: str, file: Path | None) -> str:
    """The query that is meant; ConfigError if that is not clear."""
    from fullcircle.errors import ConfigError, NotFound, did_you_mean
    from fullcircle.publish.athena.queries import QUERIES

    if sum(map(bool, (name, sql, file))) != 1:
        raise ConfigError("It is not said what to ask.", f"A name ({', '.join(QUERIES)}), --sql or --file.")
    if name:
        if name not in QUERIES:
            raise NotFound(f'There is no query "{name}".', did_you_mean(name, QUERIES))
        return QUERIES[name].sql
    if file is None:
        return sql
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The file {file} cannot be read ({type(error).__name__}).", "Correct the path.") from None


def _taken(found: AthenaResult) -> str:
    rows = counted(len(found.rows), "row") + (" were read, and there are more" if found.cut else "")
    if found.reused:
        return f"{rows}; the result of an earlier query was used, which costs nothing."
    scanned = f"{found.scanned_bytes / 1e6:,.1f} MB scanned in {found.milliseconds / 1000:,.1f} s"
    return f"{rows}; {scanned}, about {found.cost:.4f} dollars."
