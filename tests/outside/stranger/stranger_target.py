"""A publish target of another package: CSV files."""

from fullcircle.engine.base import literal
from fullcircle.publish.base import Sent


class Csv:
    """See `publish.base.Target`."""

    def __init__(self, context):
        self.folder = context.folder / "csv"
        self.folder.mkdir(parents=True, exist_ok=True)

    def send(self, engine, what):
        engine.run(f"COPY (FROM {what.table} ORDER BY ALL) TO {literal(self.folder / f'{what.name}.csv')} (FORMAT csv)")
        return Sent(what.name, engine.count(what.table))

    def close(self):
        pass


PLUGIN = Csv
