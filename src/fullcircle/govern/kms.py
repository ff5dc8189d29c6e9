"""A key-encryption key in AWS KMS: it wraps and unwraps there, and never leaves it."""

from __future__ import annotations

import base64
from typing import Any

from fullcircle.errors import ConfigError, MissingExtra
from fullcircle.govern.kek import changed


class KmsKey:
    """See KeyEncryptionKey. Region and login come from where AWS's tools look for them."""

    def __init__(self, key: str) -> None:
        self.id = f"aws-kms:{key}"
        self._key = key
        self._open: Any = None

    def wrap(self, name: str, key: bytes) -> str:
        """See KeyEncryptionKey."""
        found = self._asked("encrypt", name, KeyId=self._key, Plaintext=key)
        return base64.b64encode(found["CiphertextBlob"]).decode()

    def unwrap(self, name: str, text: str) -> bytes:
        """See KeyEncryptionKey."""
        try:
            raw = base64.b64decode(text, validate=True)
        except ValueError as error:
            raise changed(name) from error
        return bytes(self._asked("decrypt", name, KeyId=self._key, CiphertextBlob=raw)["Plaintext"])

    def _asked(self, action: str, name: str, **arguments: object) -> dict[str, Any]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return dict(getattr(self._client(), action)(EncryptionContext={"fullcircle": name}, **arguments))
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", "an error"))
            if "InvalidCiphertext" in code:
                raise changed(name) from error
            raise ConfigError(
                f"AWS KMS refused to {action} with the key of [security]: {code}.",
                "Check that the key exists and is enabled, and that this login may use it (kms:Encrypt, kms:Decrypt).",
            ) from error
        except BotoCoreError as error:
            raise ConfigError(
                f"AWS KMS cannot be asked for the key of [security]: {type(error).__name__}.",
                "Set the region and the login as for AWS's own tools (AWS_REGION, AWS_PROFILE ...).",
            ) from error

    def _client(self) -> Any:
        if self._open is None:
            try:
                import boto3
            except ImportError as error:
                raise MissingExtra(
                    "A key in AWS KMS needs boto3, which is not installed.", "Run: pip install 'fullcircle[neptune]'"
                ) from error
            self._open = boto3.client("kms")
        return self._open
