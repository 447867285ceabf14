"""Keys and signed tokens as an identity provider would issue them, for script/bench."""

import base64
import json
import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

AUDIENCE = "ringbook"


def base64url(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def base64url_number(number, length):
    return base64url(number.to_bytes(length, "big"))


class Rs256:
    def __init__(self):
        self.key = rsa.generate_private_key(65537, 2048)
        public = self.key.public_key().public_numbers()
        self.jwk = {"kty": "RSA", "kid": "RS256", "e": "AQAB", "n": base64url_number(public.n, 256)}

    def sign(self, octets):
        return self.key.sign(octets, padding.PKCS1v15(), hashes.SHA256())


class Es256:
    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        public = self.key.public_key().public_numbers()
        self.jwk = {"kty": "EC", "crv": "P-256", "kid": "ES256",
                    "x": base64url_number(public.x, 32), "y": base64url_number(public.y, 32)}

    def sign(self, octets):
        r, s = decode_dss_signature(self.key.sign(octets, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


ISSUERS = {"RS256": Rs256, "ES256": Es256}


def issue(issuer, count):
    """Gives `count` different tokens for administrators, good for an hour."""
    kid = issuer.jwk["kid"]
    header = base64url(json.dumps({"alg": kid, "typ": "at+jwt", "kid": kid}).encode())
    expiry = int(time.time()) + 3600
    for number in range(count):
        claims = {"sub": "64b7f1a2e4b0a5d3f9c12345", "role": "admin", "aud": AUDIENCE,
                  "exp": expiry, "jti": number}
        text = f"{header}.{base64url(json.dumps(claims).encode())}"
        yield f"{text}.{base64url(issuer.sign(text.encode()))}"
