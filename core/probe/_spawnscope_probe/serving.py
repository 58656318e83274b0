"""The server side of managers: which of its threads is in which call, and for whom.

    proxy --call--> connection --recv--> a thread of the server, named after its client
                                             '-- serve: from the request to the answer

The calls themselves are told where they are made; here they are only counted, and what a thread is
in is seen: one that waits in a queue which the manager keeps waits for whoever puts into that.
"""

from .guard import guarded
from .layout import CODE
from .likeness import forwarding, like
from .natives import get_ident, ref
from .shared import AT, COUNT, Shared, short_hash

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

    def recorded_create(self, c, typeid, *args, **kwds):
        found = create(self, c, typeid, *args, **kwds)
        note(found[0], typeid)
        return found

    @guarded(recorder)
    def note(number, typeid):
        if len(types) < _MOST and type(typeid) is str:
            types[number] = typeid[:_LONGEST]
            served.pop(number, None)

    @guarded(recorder)
    def begin(server, request):
        number, method = request[0], request[1]
        shared = served.get(number)
        if shared is None:
            typeid = types.get(number)
            if typeid is None:  # the server's own business
                return None
            identity = "proxy:%s:%s:%s" % (short_hash(repr(server.address)), typeid, number)
            shared = served[number] = Shared(recorder, "Manager." + typeid, identity, False)
        text = recorder.text(method[:_LONGEST] if type(method) is str else "")
        return recorder.nest(shared.what(_SERVE), None, text)[0], shared

    def patched_serve_client(self, conn):
        if type(conn).__name__ != "Connection":
            return serve_client(self, conn)
        weak, now = ref(conn), []  # or the connection would keep itself open

        def recv():
            end = weak()
            request = type(end).recv(end)
            now[:] = begin(self, request) or ()
            return request

        def send(answer):
            if now:
                word, shared = now
                now.clear()
                if word:
                    recorder.leave(word)
                tally = shared.tallies(_SERVE)[get_ident()]
                tally[COUNT] = count = tally[COUNT] + 2
                words[tally[AT]] = count
            end = weak()
            return type(end).send(end, answer)

        conn.recv, conn.send = recv, send
        try:
            return serve_client(self, conn)
        finally:
            vars(conn).pop("recv", None)
            vars(conn).pop("send", None)

    kind.create = forwarding(create, recorded_create)
    kind.serve_client = like(patched_serve_client, serve_client)
