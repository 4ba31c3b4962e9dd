"""The other side's seal, written from the platform's document with bare AES: no library of ours or of theirs."""

import base64
import hashlib
import os
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
"""The EncodingAESKey of the platform's own examples."""
TOKEN = "QDG6eK"
NOTHING_HERE = (404, '{"error": "Not Found"}')
"""What is seen where nobody listens."""


@dataclass(frozen=True, slots=True)
class OtherSeal:
    """The platform's end of one application."""

    token: str = TOKEN
    aes_key: str = AES_KEY
    receiver: str = "wx5823bf96d3bd56c7"

    @property
    def _cipher(self) -> Cipher[modes.CBC]:
        key = base64.b64decode(self.aes_key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def encrypted(self, words: str | bytes) -> str:
        """16 bytes of chance, the length, the words, the receiver; PKCS#7 to 32."""
        held = words.encode() if isinstance(words, str) else words
        plain = os.urandom(16) + struct.pack(">I", len(held)) + held + self.receiver.encode()
        pad = BLOCK - len(plain) % BLOCK
        encryptor = self._cipher.encryptor()
        return base64.b64encode(encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()).decode()

    def decrypted(self, encrypt: str) -> str:
        """The words, once padding and receiver were checked."""
        decryptor = self._cipher.decryptor()
        plain = decryptor.update(base64.b64decode(encrypt, validate=True)) + decryptor.finalize()
        pad = plain[-1]
        assert 1 <= pad <= BLOCK
        assert plain.endswith(bytes([pad]) * pad)
        plain = plain[:-pad]
        (length,) = struct.unpack(">I", plain[16:20])
        assert plain[20 + length :] == self.receiver.encode()
        return plain[20 : 20 + length].decode()

    def signature(self, timestamp: str, nonce: str, encrypt: str = "") -> str:
        """SHA-1 over the sorted parts."""
        return hashlib.sha1("".join(sorted([self.token, timestamp, nonce, encrypt])).encode()).hexdigest()  # noqa: S324 - the platform's

    def query(self, encrypt: str, timestamp: float, nonce: str) -> dict[str, str]:
        """The parameters of a call that carries it."""
        at = str(int(timestamp))
        return {"msg_signature": self.signature(at, nonce, encrypt), "timestamp": at, "nonce": nonce}

    def plain_query(self, timestamp: float, nonce: str) -> dict[str, str]:
        """The parameters of a call in plain mode."""
        at = str(int(timestamp))
        return {"signature": self.signature(at, nonce), "timestamp": at, "nonce": nonce}
