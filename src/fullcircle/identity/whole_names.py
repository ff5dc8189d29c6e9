"""Names that are written whole in one place and in part in another, as conditions over a pair of features."""

from __future__ import annotations

# `María Trejo` is `María Guadalupe Trejo Saldívar`: the first of two surnames is the last of the middle names.
FIRST_SURNAME = (
    "CASE WHEN middle_l IS NOT NULL OR middle_r IS NOT NULL THEN "
    "(coalesce(length(family_l) > 3 AND ends_with(' ' || middle_r, ' ' || family_l), false) "
    "OR coalesce(length(family_r) > 3 AND ends_with(' ' || middle_l, ' ' || family_r), false)) ELSE false END"
)
# Of two words at least, and with a legal form: a `Müller GmbH`, and a `Hotel zur Post`, there is in many a town.
LONG_NAME = (
    "organisation_l = organisation_r AND formed_l AND formed_r AND len(organisation_parts_l) > 1 AND length(organisation_l) >= 9"
)
