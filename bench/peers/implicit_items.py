"""The peer of bench/insights: what the library `implicit` offers to the same customers, learned from the same purchases.

It is not in the project's environment: `BENCH_PEERS` names the Python of one that has it, and this file is run with that alone:
`python implicit_items.py GIVEN.npz FOUND.npz`. GIVEN has the purchases before the day of the trial (customer, product, times),
who is asked, and k; FOUND gets for each model and question the products of each who is asked, best first.
"""

import sys
import time
from typing import Any

import numpy as np
import scipy.sparse as sp
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender


def models() -> dict[str, Any]:
    """By the library's own defaults, of one seed."""
    return {
        "implicit cosine": CosineRecommender(num_threads=1),
        "implicit BM25": BM25Recommender(num_threads=1),
        "implicit ALS": AlternatingLeastSquares(random_state=7, num_threads=1),
    }


def main(given: str, found: str) -> None:
    """Learn and offer; `new` without what the customer has bought, `basket` with it."""
    had = np.load(given)
    shape = tuple(int(one) for one in had["shape"])
    bought = sp.csr_matrix((had["times"].astype(np.float64), (had["customer"], had["product"])), shape=shape)
    answers: dict[str, Any] = {}
    for name, model in models().items():
        began = time.process_time()
        model.fit(bought, show_progress=False)
        for question, again in (("new", False), ("basket", True)):
            asked = had[f"asked_{question}"]
            if not len(asked):
                continue
            ids, scores = model.recommend(asked, bought[asked], N=int(had["k"]), filter_already_liked_items=not again)
            answers[f"{name}|{question}"] = np.where(scores > 0, ids, -1) if "ALS" not in name else ids
        answers[f"{name}|cpu_seconds"] = np.array(time.process_time() - began)
    np.savez(found, **answers)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
