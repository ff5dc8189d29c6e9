"""A connector of another package: people from the options."""

import json

import pyarrow as pa

from fullcircle.connectors.base import META, Batch, FoundField, FoundObject


class Guests:
    """The guests named in the config."""

    def __init__(self, context):
        self.names = context.options["names"]

    def check(self):
        return [f"{len(self.names)} guests"]

    def discover(self):
        return [FoundObject("guests", ("number",), (FoundField("number"), FoundField("full_name")))]

    def objects(self):
        return ["guests"]

    def pull(self, name, since):
        rows = [{"number": str(n), "full_name": text} for n, text in enumerate(self.names)]
        own = {key: pa.array([row[key] for row in rows], pa.string()) for key in ("number", "full_name")}
        meta = {field.name: pa.nulls(len(rows), field.type) for field in META} | {
            "_key": own["number"],
            "_op": pa.array(["upsert"] * len(rows), pa.string()),
            "_raw": pa.array([json.dumps(row) for row in rows], pa.string()),
        }
        yield Batch(pa.table({**meta, **own}), {"read": len(rows)})

    def close(self):
        pass


PLUGIN = Guests
