"""The certificate of a session: made for it, known to its scheduler and workers, and to nobody else."""

from datetime import UTC, datetime
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from stresstui.fleet.reach.worker import dask

_ROLES: Final = ("client", "scheduler", "worker")
_FROM: Final = datetime(1970, 1, 2, tzinfo=UTC)
_UNTIL: Final = datetime(9999, 12, 31, tzinfo=UTC)


def temporary() -> Any:
    """Security of Dask with a key of its own.

    Unlike that of ``Security.temporary`` its certificate has no date that matters: a box whose clock is a few seconds
    behind would not talk to a session that began just now. What ends it is that its key goes with the session.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "stresstui-fleet")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(_FROM).not_valid_after(_UNTIL)
    cert = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode()
    files = {f"tls_{who}_cert": cert for who in _ROLES} | {f"tls_{who}_key": pem for who in _ROLES}
    return dask.Security(require_encryption=True, tls_ca_file=cert, **files)
