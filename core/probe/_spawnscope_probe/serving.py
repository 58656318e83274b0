"""The server side of managers: which of its threads is in which call, and for whom.

    proxy --call--> connection --recv--> a thread of the server, named after its client
                                             '-- serve: from the request to the answer

The calls themselves are told where they are made; here they are only counted, and what a thread is
in is seen: one that waits in a queue which the manager keeps waits for whoever puts into that.
"""

from .guard import guarded
from .layout import CODE, FRAME_WORDS
from .likeness import forwarding, like
from .natives import get_ident, monotonic_ns, ref
from .shared import AT, COUNT, WHAT, Shared, short_hash

_SERVE = CODE["serve"]
_LONGEST = 60  # characters of a name
_MOST = 10_000  # objects that are known by their types


def patch(module, recorder):
    """`module`: a library's managers, just imported."""
    kind = module.Server
    create, serve_client = kind.create, kind.serve_client
    words = recorder.words
    types = {}  # by number of an object: its type
    served = {}  # by number: what stands for it

    def recorded_create(*args, **kwds):  # its own first parameters have no names in 3.8
        found = create(*args, **kwds)
        note(found[0], args[2] if len(args) > 2 else kwds.get("typeid"))
        return found

    @guarded(recorder)
    def note(number, typeid):
        if len(types) < _MOST and type(typeid) is str:
            types[number] = typeid[:_LONGEST]
            served.pop(number, None)

    def known(server, number):
        """What stands for an object; None for the server's own business."""
        typeid = types.get(number)
        if typeid is None:
            return None
        identity = "proxy:%s:%s:%s" % (short_hash(repr(server.address)), typeid, number)
        shared = served[number] = Shared(recorder, "Manager." + typeid, identity, False)
        shared.puts = shared.tallies(_SERVE)
        return shared

    def patched_serve_client(self, conn):
        connection = type(conn)
        if connection.__name__ != "Connection":
            return serve_client(self, conn)
        plain_recv, plain_send = connection.recv, connection.send
        weak = ref(conn)  # or the connection would keep itself open
        now = None  # the tally of the call that is under way
        word = recorder.frame() + FRAME_WORDS  # this thread does nothing else

        def recv():
            nonlocal now
            request = plain_recv(weak())
            try:
                number, method = request[0], request[1]
                shared = served.get(number) or known(self, number)
                if shared is not None:
                    now = shared.puts[get_ident()]
                    words[word + 2] = recorder.text(method[:_LONGEST])
                    words[word + 1] = monotonic_ns()
                    words[word] = now[WHAT]
            except Exception as error:  # the edge
                recorder.failed(error)
            return request

        def send(answer):
            nonlocal now
            if now is not None:
                words[word] = 0
                words[word + 1] = words[word + 2] = 0
                words[now[AT]] = now[COUNT] = now[COUNT] + 2
                now = None
            return plain_send(weak(), answer)

        conn.recv, conn.send = recv, send
        try:
            return serve_client(self, conn)
        finally:
            vars(conn).pop("recv", None)
            vars(conn).pop("send", None)

    kind.create = forwarding(create, recorded_create)
    kind.serve_client = like(patched_serve_client, serve_client)
