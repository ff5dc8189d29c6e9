"""A key-encryption key in AWS KMS, as moto keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fullcircle.errors import ConfigError
from fullcircle.govern.kek import key_encryption_key
from fullcircle.govern.keyring import Keyring


@pytest.fixture
def key_id(monkeypatch: pytest.MonkeyPatch) -> object:
    """The id of a key in moto's KMS."""
    boto3 = pytest.importorskip("boto3")
    moto = pytest.importorskip("moto")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with moto.mock_aws():
        yield boto3.client("kms").create_key()["KeyMetadata"]["KeyId"]


def test_data_keys_are_wrapped_and_unwrapped_there(tmp_path: Path, key_id: str) -> None:
    kek = key_encryption_key(f"aws-kms:{key_id}", tmp_path)
    made = Keyring(tmp_path / "keys.json", kek).key("book")
    assert len(made) == 32
    assert Keyring(tmp_path / "keys.json", key_encryption_key(f"aws-kms:{key_id}", tmp_path)).known("book") == made
    with pytest.raises(ConfigError, match="was changed or cut"):
        kek.unwrap("landing:crm", kek.wrap("book", made))


def test_a_key_that_is_not_there_is_said(tmp_path: Path, key_id: str) -> None:
    with pytest.raises(ConfigError, match="refused to encrypt with the key"):
        Keyring(tmp_path / "keys.json", key_encryption_key(f"aws-kms:{key_id[:-4]}0000", tmp_path)).key("book")
