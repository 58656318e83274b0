"""Listener and Client: accept and connect, and the connections that come of them.

    Client --connect--> Listener --accept-->       an object that both know by its address
      '-- Connection <--- sockets ---> Connection --'    an object for each end, as of a pipe

What a library connects for its own ends (a manager and its proxies, what sends descriptors) is left
alone: only connections that code outside of it asks for are the user's.
"""

from _socket import AF_INET, AF_INET6
from _socket import socket as plain_socket
from posix import dup, get_blocking, set_blocking

from . import places
from .connections import own_end
from .guard import guarded
from .layout import FAILED
from .likeness import forwarding, like
from .natives import _getframe
from .shared import Shared, Waiting, short_hash


def patch(module, recorder):
    """`module`: a library's connection, just imported and patched by `connections`."""
    kind = module.Listener
    kind._spawnscope = None
    construct, accept, connect = kind.__init__, kind.accept, module.Client

    def __init__(self, *args, **kwargs):
        construct(self, *args, **kwargs)
        own(self, _getframe())

    @guarded(recorder)
    def own(listener, frame):
        if asked_for(frame):
            listener._spawnscope = of_address(listener._listener._address, True, frame)

    def asked_for(frame):
        return recorder.on and not places.is_within(frame, module.__name__.rpartition(".")[0])

    def of_address(address, created, frame):
        identity = "listener:" + short_hash(repr(address))
        return Shared(recorder, "Listener", identity, created, frame)

    def recorded_accept(self):
        shared = self._spawnscope
        if shared is None:
            return accept(self)
        return connected(shared, "accept", accept, (self,), _getframe())

    def recorded_client(address, *args, **kwargs):
        shared = client_of(address, _getframe())
        if shared is None:
            return connect(address, *args, **kwargs)
        return connected(shared, "connect", connect, (address, *args), _getframe(), kwargs)

    @guarded(recorder)
    def client_of(address, frame):
        return of_address(address, False, frame) if asked_for(frame) else None

    def connected(shared, operation, call, args, frame, kwargs=()):
        with Waiting(shared, operation, frame) as waiting:
            waiting.outcome = FAILED
            end = call(*args, **dict(kwargs))
            waiting.outcome = 0
        own_end(end, recorder, _addresses(end), True, frame, "", "Connection")
        return end

    kind.__init__ = forwarding(construct, __init__)
    kind.accept = like(recorded_accept, accept)
    module.Client = forwarding(connect, recorded_client)


def _addresses(end):
    """Of a connection by internet addresses: both, as the other end has them the other way round;
    else "", and the kernel tells which two sockets belong together."""
    try:
        own = end.fileno()
        blocking = get_blocking(own)
        try:
            socket = plain_socket(fileno=dup(own))
        finally:
            # A socket that is made while there is a default timeout does not block, nor do its
            # duplicates then.
            set_blocking(own, blocking)
        try:
            if socket.family not in (AF_INET, AF_INET6):
                return ""
            return "@%s>%s" % (socket.getsockname()[:2], socket.getpeername()[:2])
        finally:
            socket.close()
    except Exception:  # over already
        return ""
