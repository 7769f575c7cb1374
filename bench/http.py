"""One patient client: whole answers, timed and weighed as they cross the wire."""

import gzip
import http.client
import statistics
import time
from typing import NamedTuple
from urllib.parse import urlsplit

import brotli

HEADERS = {"Accept": "text/html", "Accept-Encoding": "br, gzip", "Accept-Language": "fr"}
DECODERS = {None: bytes, "br": brotli.decompress, "gzip": gzip.decompress}


class Answer(NamedTuple):
    """Seconds until the last byte, bytes on the wire with headers, bytes once decompressed."""

    seconds: float
    wire: int
    plain: int


class Client:
    """One connection kept open and its cookies, as a browser does."""

    def __init__(self, address, cookies=()):
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        self._cookies = dict(cookies)

    def get(self, path):
        started = time.perf_counter()
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        self._connection.request("GET", path, headers=HEADERS | {"Cookie": cookies})
        response = self._connection.getresponse()
        body = response.read()
        seconds = time.perf_counter() - started
        if response.status != 200:
            raise RuntimeError(f"{path} : réponse {response.status}")
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        head = sum(len(name) + len(value) + 4 for name, value in response.getheaders())
        plain = DECODERS[response.getheader("Content-Encoding")](body)
        return Answer(seconds, len(body) + head, len(plain))


def middle(answers, part):
    """The median of one part of the answers."""
    return statistics.median(getattr(answer, part) for answer in answers)
