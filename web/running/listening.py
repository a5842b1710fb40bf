"""The socket that a server listens on: bound before anything else, so that a taken port is told at once."""

import errno
import os
import socket

from web.errors import CannotServe

_BACKLOG = 1024


def listen(host: str, port: int) -> socket.socket:
    """Listen on an address; port 0 takes any free one. Raises CannotServe."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise CannotServe(f"{host} is no address of this machine: name another (--host ADDRESS)") from error
    listening = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":  # elsewhere it would let two servers share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise CannotServe(_sentence(host, port, error)) from error
    listening.setblocking(False)
    return listening


def _sentence(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is taken: name another (--port {port + 1}), or take any free one (--port 0)"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"port {port} is not for everybody: name one from 1024 on (--port 8484)"
    return f"{host} is no address of this machine ({error.strerror}): name another (--host ADDRESS)"
