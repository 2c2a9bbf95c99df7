"""A front that signs people in: its keys as a JWK set, and tokens under them (RFC 7515, 7517)."""

import base64
import hashlib
import hmac
import json
import time

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ISSUER = "https://front.example"
AUDIENCE = "assay-desk"


def text(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def whole(number, size):
    return text(number.to_bytes(size, "big"))


class Front:
    """Keys of each kind that the desk takes, by their number."""

    def __init__(self):
        self.rsa = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.ec = ec.generate_private_key(ec.SECP256R1())
        self.ed = ed25519.Ed25519PrivateKey.generate()

    def keys(self):
        number, point = self.rsa.public_key().public_numbers(), self.ec.public_key().public_numbers()
        raw = self.ed.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return {"keys": [
            {"kty": "RSA", "kid": "rsa", "use": "sig", "alg": "RS256", "n": whole(number.n, 256),
             "e": whole(number.e, 3)},
            {"kty": "EC", "kid": "ec", "crv": "P-256", "x": whole(point.x, 32),
             "y": whole(point.y, 32)},
            {"kty": "OKP", "kid": "ed", "crv": "Ed25519", "x": text(raw)},
            {"kty": "oct", "kid": "oct", "k": text(b"secret of somebody else's")},
        ]}

    def sign(self, algorithm, data):
        if algorithm == "RS256":
            return self.rsa.sign(data, padding.PKCS1v15(), SHA256())
        if algorithm == "ES256":
            left, right = utils.decode_dss_signature(self.ec.sign(data, ec.ECDSA(SHA256())))
            return left.to_bytes(32, "big") + right.to_bytes(32, "big")
        if algorithm == "EdDSA":
            return self.ed.sign(data)
        if algorithm == "HS256":
            return hmac.digest(self.public_pem(), data, hashlib.sha256)
        return b""

    def public_pem(self):
        return self.rsa.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def token(self, algorithm="RS256", kid=None, header=None, **claims):
        """A token for ada, an analyst; `None` takes a claim out."""
        kid = kid or {"RS256": "rsa", "ES256": "ec", "EdDSA": "ed"}.get(algorithm, "rsa")
        now = int(time.time())
        body = {"iss": ISSUER, "aud": AUDIENCE, "sub": "u-1", "email": "ada@example.org",
                "groups": ["analysts"], "iat": now, "nbf": now - 5, "exp": now + 300, **claims}
        body = {name: value for name, value in body.items() if value is not None}
        head = {"alg": algorithm, "kid": kid, **(header or {})}
        data = ".".join(text(json.dumps(part).encode()) for part in (head, body))
        return data + "." + text(self.sign(algorithm, data.encode()))
