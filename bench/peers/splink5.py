"""Splink 5 in the configuration of its own demonstration for 50,000 persons, with the further columns that a set has.

https://moj-analytical-services.github.io/splink, "Deduplicate 50k rows historical persons": blocking rules, comparisons, training
by random pairs and two rounds of expectation maximisation, clusters at a probability of 0.95. Best: the weight of STEPS
whose clusters have the greatest F1 on the truth.
"""

from __future__ import annotations

import logging
from typing import Any

import duckdb
import pyarrow as pa
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

AT = 0.95
STEPS = (0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 13.0, 16.0, 20.0, 24.0)


def members(table: pa.Table) -> dict[float | None, pa.Table]:
    """Weight -> (record_id, customer_id); None: at the demonstration's probability."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    connection = duckdb.connect(config={"threads": 1})
    connection.register("given_rows", table)
    named = "given_name || ' ' || family_name AS both_names, " if {"given_name", "family_name"} <= set(table.column_names) else ""
    connection.execute(f"CREATE TABLE people AS SELECT {named}* FROM given_rows")
    api = DuckDBAPI(connection)
    linker = Linker(api.register("people", dataset_display_name="people"), settings(set(table.column_names)), log_level=40)
    linker.training.estimate_probability_two_random_records_match(
        [block_on(*rule) for rule in _certain(set(table.column_names))], recall=0.6
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("given_name", "family_name"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("birth_date"))
    found = linker.inference.predict(threshold_match_weight=0)
    pairs = connection.execute(
        f"SELECT record_id_l, record_id_r, match_weight, match_probability FROM {found.physical_name}"
    ).to_arrow_table()
    return {
        step: _components(connection, pairs, "match_probability >= 0.95" if step is None else f"match_weight >= {step}")
        for step in (None, *STEPS)
    }


def _components(connection: Any, pairs: pa.Table, condition: str) -> pa.Table:
    """Connected components, as Splink makes clusters; computed here to try several thresholds cheaply."""
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    connection.register("scored", pairs)
    rows = connection.execute(f"""
        WITH numbered AS (SELECT record_id, row_number() OVER (ORDER BY record_id) - 1 AS number FROM people)
        SELECT a.number, b.number FROM scored JOIN numbered a ON a.record_id = record_id_l
            JOIN numbered b ON b.record_id = record_id_r WHERE {condition}""").to_arrow_table()
    ids = connection.execute("SELECT record_id FROM people ORDER BY record_id").to_arrow_table()["record_id"]
    one, other = (column.to_numpy() for column in rows.columns)
    graph = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(len(ids), len(ids)))
    _, group = connected_components(graph, directed=False)
    return pa.table({"record_id": ids, "customer_id": pa.array(group.astype(str))})


def _certain(columns: set[str]) -> list[list[str]]:
    """The demonstration's rules for pairs that are nearly surely one person."""
    rules = [["given_name", "family_name", "birth_date"]]
    rules += [["given_name", "family_name", "postcode"]] if "postcode" in columns else []
    return rules + [[name] for name in ("email", "tax") if name in columns]


def settings(columns: set[str]) -> SettingsCreator:
    """The demonstration's settings for the columns there are."""
    rules = [["substr(given_name,1,3)", "substr(family_name,1,4)"], ["family_name", "birth_date"], ["given_name", "birth_date"],
             ["postcode", "given_name"], ["postcode", "family_name"], ["birth_date", "city"],
             ["substr(postcode,1,3)", "birth_date"],
             ["substr(postcode,1,3)", "given_name"], ["substr(postcode,1,3)", "family_name"],
             ["substr(given_name,1,2)", "substr(family_name,1,2)", "substr(birth_date,1,4)"],
             ["email"], ["phone"], ["tax"]]  # fmt: skip
    there = [rule for rule in rules if all(any(name in part for name in columns) for part in rule)]
    comparisons: list[Any] = [
        cl.ForenameSurnameComparison("given_name", "family_name", forename_surname_concat_col_name="both_names"),
        cl.DateOfBirthComparison(
            "birth_date", input_is_string=True, datetime_metrics=["month", "year", "year"], datetime_thresholds=[1, 1, 10]
        ),
    ]
    more = {
        "postcode": cl.LevenshteinAtThresholds("postcode", [1, 2]),
        "city": cl.ExactMatch("city").configure(term_frequency_adjustments=True),
        "street": cl.JaroWinklerAtThresholds("street", [0.9]),
        "email": cl.EmailComparison("email"),
        "phone": cl.LevenshteinAtThresholds("phone", [1, 2]),
        "tax": cl.LevenshteinAtThresholds("tax", [1, 2]),
    }
    comparisons += [comparison for name, comparison in more.items() if name in columns]
    return SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="record_id", comparisons=comparisons,
        blocking_rules_to_generate_predictions=[block_on(*rule) for rule in there], em_convergence=0.01,
        max_iterations=20, retain_intermediate_calculation_columns=False, retain_matching_columns=False,
    )  # fmt: skip
