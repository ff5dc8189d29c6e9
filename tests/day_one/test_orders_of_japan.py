"""Orders of a Japanese shop: who is billed is the buyer, in two columns of names; the state of the delivery is the status."""

from __future__ import annotations

from tests.day_one.conftest import bring, money

ORDERS = """
注文ID,注文日時,氏(請求先),名(請求先),メールアドレス(請求先),氏(配送先),名(配送先),商品名,価格,数量,合計金額,送料,発送状況
B001,2025-02-01 10:00:00,佐藤,花子,hanako@example.jp,佐藤,花子,手ぬぐい,1200,2,2900,500,対応済
B002,2025-02-03 11:00:00,鈴木,一郎,ichiro@example.jp,鈴木,次郎,茶碗,3000,1,3500,500,入金待ち
B003,2025-02-05 12:00:00,田中,美咲,misaki@example.jp,田中,美咲,茶碗,3000,1,3500,500,キャンセル
"""


def test_the_buyer_has_both_names_and_what_was_cancelled_is_not_spent(tmp_path):
    view = bring(tmp_path, {"注文.csv": ORDERS})
    assert view.people == {"佐藤 花子", "鈴木 一郎", "田中 美咲"}
    assert view.statuses == {"B001": "shipped", "B002": "placed", "B003": "cancelled"}
    assert view.spent["佐藤 花子"] == {"": money("2900")[0]} and "田中 美咲" not in view.spent
    assert view.unpaid == {"鈴木 一郎": {"": money("3500")[0]}}
