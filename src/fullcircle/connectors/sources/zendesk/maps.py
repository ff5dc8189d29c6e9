"""The field maps for Zendesk's own objects: a Zendesk source needs no [[map]] in the config. Start at `default_maps`.

Only end users are customers: agents and admins are staff. An organization is an account. A rating of a ticket is an interaction
with a sentiment.
"""

from __future__ import annotations

from fullcircle.config.sections import FieldRule, MapSettings
from fullcircle.connectors.own_maps import OwnMaps


def default_maps(source: str) -> list[MapSettings]:
    """The maps of a Zendesk source with this name. Objects that were not pulled are skipped."""
    to = OwnMaps(source).to
    requester = FieldRule(field="requester_id", ref="users")
    rated = "CASE WHEN satisfaction LIKE 'good%' THEN 'positive' ELSE 'negative' END"
    domain = FieldRule(sql="json_extract_string(domain_names, '$[0]')")
    return [
        to("accounts", "organizations", name="name", website=domain),
        to(
            "records", "users", "coalesce(role, 'end-user') = 'end-user'",
            kind=FieldRule(value="person"), full_name="name", email="email", phone="phone",
            account_id=FieldRule(field="organization_id", ref="organizations"),
        ),
        to(
            "tickets", "tickets",
            record_id=requester, opened_at="created_at", closed_at="solved_at", status="status", subject="subject",
            channel="channel", priority="priority", number="id",
        ),
        to(
            "interactions", "tickets", "satisfaction LIKE 'good%' OR satisfaction LIKE 'bad%'", "rating",
            record_id=requester, at="updated_at", kind=FieldRule(value="rating"), channel=FieldRule(value="support"),
            sentiment=FieldRule(sql=rated), text="satisfaction_comment",
        ),
    ]  # fmt: skip
