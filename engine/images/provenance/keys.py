"""The key that signs this house's pictures: made once, kept in provenance/key.pem of the data directory, owner's eyes only.

C2PA does not take a certificate that signs itself, so there are two: the house's, and one for pictures that it signed.
Nobody else vouches for them: a verifier shows that the picture is unchanged since, and “unknown issuer”. An owner who
has a certificate that is trusted puts its key and its chain into that file.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.errors import RenderError

FILE = Path("provenance") / "key.pem"
# Whose pictures these are is nobody's business: no name, no host.
HOUSE = "Selfsame (self-hosted)"
YEARS = 20
BLOCK = re.compile(r"-----BEGIN ([A-Z ]+)-----.*?-----END \1-----", re.DOTALL)
# The use (e-mail protection) that every verifier of C2PA takes; of the others some take none.
USE = "1.3.6.1.5.5.7.3.4"


@dataclass(frozen=True, slots=True)
class Keys:
    """A certificate chain (PEM, the picture's first), and what signs bytes with its key: Ed25519."""

    chain: str
    sign: Callable[[bytes], bytes] = field(repr=False)


def open_keys(data: Path) -> Keys:
    """The keys of this house; they are made if there are none. Raises RenderError if they cannot be read."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    path = data / FILE
    if not path.exists():
        _make(path)
    try:
        blocks = [found[0] for found in BLOCK.finditer(path.read_text(encoding="ascii"))]
        key = load_pem_private_key("\n".join(one for one in blocks if "KEY-" in one).encode(), None)
    except (OSError, ValueError, TypeError) as error:
        raise RenderError(
            f"The key in {path} cannot be read: {error}. Remove the file for a new one."
        ) from error
    chain = "\n".join(one for one in blocks if "CERTIFICATE-" in one)
    if not isinstance(key, Ed25519PrivateKey) or not chain:
        raise RenderError(f"{path} has no Ed25519 key with its certificates. Remove the file for new ones.")
    return Keys(chain + "\n", key.sign)


def _make(path: Path) -> None:
    """Write new keys; where another worker was quicker, its keys stay."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from cryptography.x509.oid import NameOID, ObjectIdentifier

    def name(of: str) -> x509.Name:
        return x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, HOUSE),
                x509.NameAttribute(NameOID.COMMON_NAME, of),
            ]
        )

    def usage(**allowed: bool) -> x509.KeyUsage:
        every = dict.fromkeys(
            (
                "digital_signature",
                "content_commitment",
                "key_encipherment",
                "data_encipherment",
                "key_agreement",
                "key_cert_sign",
                "crl_sign",
                "encipher_only",
                "decipher_only",
            ),
            False,
        )
        return x509.KeyUsage(**{**every, **allowed})

    house, key, begins = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate(), datetime.now(UTC)

    def certificate(of: str, public: object) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name(of))
            .issuer_name(name("Pictures of this house"))
            .public_key(public)  # type: ignore[arg-type, unused-ignore]
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins - timedelta(days=1))
            .not_valid_after(begins + timedelta(days=365 * YEARS))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)  # type: ignore[arg-type, unused-ignore]
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(house.public_key()), critical=False
            )
        )

    root = (
        certificate("Pictures of this house", house.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(house, None)
    )
    leaf = (
        certificate("A picture of this house", key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ObjectIdentifier(USE)]), critical=False)
        .sign(house, None)
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    chain = leaf.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM)
    path.parent.mkdir(parents=True, exist_ok=True)
    number, part = tempfile.mkstemp(dir=path.parent)  # for its owner's eyes only
    with os.fdopen(number, "wb") as file:
        file.write(private + chain)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(part, path)
    Path(part).unlink()
