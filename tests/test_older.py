"""Tables that an older version made: what came to the model later is added, and the next run makes them again."""

from fullcircle.config.read import read_config
from fullcircle.desk import open_desk
from fullcircle.engine.duckdb import DuckDB
from fullcircle.home.older import bring_up
from fullcircle.model.tables import CONFORMED
from fullcircle.pipeline import STAGES, run
from fullcircle.stage import Choice
from tests import small


def shapes(engine):
    return {
        (schema, name): {*engine.columns(f"{schema}.{name}")}
        for schema in ("conformed", "main")
        for name in CONFORMED
    }  # fmt: skip


def test_what_is_missing_is_added_and_rows_stay():
    engine = DuckDB()
    engine.run("CREATE SCHEMA conformed")
    for schema in ("conformed", "main"):
        for name in ("records", "interactions", "orders"):
            engine.run(CONFORMED[name].ddl(f"{schema}.{name}"))
        engine.run(f"ALTER TABLE {schema}.interactions DROP COLUMN status; ALTER TABLE {schema}.orders DROP COLUMN status_raw")
    engine.run("CREATE TABLE customer_orders (customer_id VARCHAR, order_id VARCHAR, amount DOUBLE)")
    engine.run("INSERT INTO orders (order_id, amount) VALUES ('order:a', 5)")
    bring_up(engine)
    wanted = {name: {column.name for column in table.columns} for name, table in CONFORMED.items()}
    assert shapes(engine) == {(schema, name): columns for schema in ("conformed", "main") for name, columns in wanted.items()}
    assert engine.rows("SELECT order_id, CAST(amount AS INTEGER), status_raw FROM orders") == [("order:a", 5, None)]
    assert "unpaid" in engine.columns("customer_orders")
    bring_up(engine)


def test_nothing_is_made_where_there_are_no_tables():
    engine = DuckDB()
    bring_up(engine)
    assert engine.value("SELECT count(*) FROM information_schema.tables") == 0


def test_a_home_of_an_older_version_is_made_again(tmp_path):
    settings = read_config(small.make(tmp_path))
    stages = Choice(only=("pull", "conform", "check", "resolve"))
    with open_desk(settings) as desk:
        run(desk, stages)
        desk.engine.run("ALTER TABLE customers DROP COLUMN deceased")
        for schema in ("conformed", "main"):
            desk.engine.run(f"ALTER TABLE {schema}.records DROP COLUMN deceased")
            desk.engine.run(f"DROP TABLE {schema}.participants; ALTER TABLE {schema}.interactions DROP COLUMN status")
        assert all(table in STAGES[1].settings(desk) for table in CONFORMED.values())  # another shape is another fingerprint
        desk.book.write("UPDATE stage_done SET fingerprint = 'of another shape'")
    with open_desk(settings) as desk:
        assert "status" in desk.engine.columns("interactions")
        assert "deceased" in desk.engine.columns("customers")
        assert desk.engine.count("participants") == 0
        done = run(desk, stages)
    assert [one.stage for one in done if not one.skipped][:3] == ["pull", "conform", "check"]
