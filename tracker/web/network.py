"""The addresses under which other devices of the network reach this machine."""

from __future__ import annotations

import socket
from contextlib import suppress
from ipaddress import ip_address

_ELSEWHERE = (("10.255.255.255", socket.AF_INET), ("192.168.255.255", socket.AF_INET), ("2001:db8::1", socket.AF_INET6))
"""Places that a route is asked for; nothing is sent there."""


def is_any(host: str) -> bool:
    """Whether a host stands for all addresses of this machine."""
    with suppress(ValueError):
        return ip_address(host).is_unspecified
    return False


def own_addresses() -> list[str]:
    """Return the addresses of this machine that another device can use, the likeliest first; none without a network."""
    found: dict[str, None] = {}
    for place, family in _ELSEWHERE:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((place, 9))  # a datagram socket only picks its own address here
            found[probe.getsockname()[0]] = None
    with suppress(OSError):
        for _, _, _, _, where in socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM):
            found[str(where[0])] = None
    return [each for each in found if _reachable(each)]


def _reachable(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:  # with a zone, which works on this machine only
        return False
    return not (address.is_loopback or address.is_link_local or address.is_unspecified)
