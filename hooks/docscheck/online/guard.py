"""Connections only to public addresses: what a page links to must not reach into the network that checks it."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl

_GIVEN_OUT = ipaddress.IPv6Network("2000::/3")
_ASSIGNMENTS = ipaddress.IPv4Network("192.0.0.0/24")


class PrivateAddressError(OSError):
    """A host that stands for a private, loopback, link-local or reserved address."""


def addresses(host: str, port: int, *, private: bool) -> list[tuple[str, int]]:
    """Return the (address, port) pairs to try for `host`.

    Raises `PrivateAddressError` when one of its addresses is not public and `private` is false, and
    `socket.gaierror` when there is no such host.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    pairs = list(dict.fromkeys((str(item[4][0]), int(item[4][1])) for item in found))
    if not private:
        for address, _ in pairs:
            if not is_public(address):
                raise PrivateAddressError(f"{host} is {address}, not a public address")
    return pairs


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public net."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None:
            # Only what is given out: other blocks hold addresses of version 4 (::127.0.0.1, 64:ff9b::7f00:1) or sites.
            return ip.is_global and ip in _GIVEN_OUT
        ip = inner
    return ip.is_global and not ip.is_multicast and ip not in _ASSIGNMENTS


def connection(scheme: str, host: str, port: int, timeout: float, *, private: bool) -> http.client.HTTPConnection:
    """Return a connection to an address that was looked at.

    The name is resolved once, here: a second look-up could answer with another address. Raises as `addresses`
    does, and `OSError` when no address accepts.
    """
    pairs = addresses(host, port, private=private)
    refused: OSError = OSError("no address")
    for pair in pairs:
        try:
            stream = socket.create_connection(pair, timeout)
        except OSError as error:
            refused = error
            continue
        return _over(stream, scheme, host, port, timeout)
    raise refused


def _over(stream: socket.socket, scheme: str, host: str, port: int, timeout: float) -> http.client.HTTPConnection:
    """Return an HTTP connection that uses an open socket, encrypted for https and checked against the name."""
    if scheme == "https":
        try:
            stream = ssl.create_default_context().wrap_socket(stream, server_hostname=host)
        except BaseException:
            stream.close()
            raise
    opened = http.client.HTTPConnection(host, port, timeout=timeout)
    if scheme == "https":
        opened.default_port = 443  # so that the Host header leaves it out
    opened.sock = stream
    return opened
