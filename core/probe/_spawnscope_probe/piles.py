"""Results of `imap` and `imap_unordered` that have come in and that the program has not taken yet.

    result --> _items of its iterator --next()--> the program
      '-- looked at now and then: how many ever came into it, less how many are in it --> taken

Nothing is put around `next`: the iterator itself counts what came.
"""

from .layout import CODE
from .natives import ref
from .shared import AT, COUNT

_COUNTED = CODE["arrived"], CODE["taken"], CODE["expected"]
_NOTHING = 0, 0, 0


def piles(pool, shared):
    """What is to look at a result that has come into `pool`: adds up what came into the iterators,
    what was taken out of them, and how long those are whose tasks have all been handed out."""
    weak, words = ref(pool), shared.recorder.words
    tallies = [shared.tallies(code) for code in _COUNTED]

    def look(item, ident):
        pool = weak()
        if pool is None or item is None:
            return
        results = pool._cache.get(item[0])
        items = getattr(results, "_items", None)
        if items is None:  # of a map, or of one task
            return
        came, known = results._index, vars(results)
        now = came, came - len(items), results._length or 0
        before = known.get("_spawnscope_piled", _NOTHING)
        known["_spawnscope_piled"] = now
        for place, by_thread in enumerate(tallies):
            tally = by_thread[ident]
            tally[COUNT] += 2 * (now[place] - before[place])
            words[tally[AT]] = tally[COUNT]

    return look
