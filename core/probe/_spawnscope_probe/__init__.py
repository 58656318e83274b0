"""The probe: runs inside every watched Python process and writes its flight recorder.

    sitecustomize --> start --> Recorder (a mapped file of this process alone)
                          '---> Finder   (patches multiprocessing's modules when they are imported)

Only the standard library is used. Nothing here starts a thread, takes a lock of the program's, or
makes a system call for an operation. Each public function is called in the watched process.

Our modules are loaded in a way of their own. They have a copy of the builtins as these are now, so
that a program that replaces some later does not reach us. And their code is not of a file but of
`<spawnscope NAME>`: what looks at files, as coverage and debuggers do, leaves it out.
"""


def start(folder):
    """Record from now on into `folder`. Returns "" or the reason why not. Raises OSError."""
    import sys

    before = set(sys.modules)
    _load_apart()
    from . import beginning

    try:
        return beginning.start(folder)
    finally:
        if hasattr(sys, "lazy_modules"):
            # A lazy import of what is loaded is none: those of the program wait as without us.
            for name in set(sys.modules) - before:
                if not name.startswith(__name__):
                    del sys.modules[name]


def skip(folder, reason):
    """Say why this process has no recorder. Raises OSError."""
    _load_apart()
    from . import beginning

    beginning.skip(folder, reason)


def _load_apart():
    import builtins
    import sys
    from _frozen_importlib_external import FileFinder, SourceFileLoader
    from _imp import _fix_co_filename

    here = __path__[0]
    if __name__ + ".beginning" in sys.modules:
        return
    own_builtins = dict(vars(builtins))
    if "__lazy_import__" in own_builtins:  # by -X lazy_imports=all, which is for the program
        own_builtins["__lazy_import__"] = own_builtins["__import__"]

    class Loader(SourceFileLoader):
        def get_code(self, fullname):
            code = SourceFileLoader.get_code(self, fullname)
            _fix_co_filename(code, "<spawnscope %s>" % fullname.rpartition(".")[2])
            return code

        def exec_module(self, module):
            module.__dict__["__builtins__"] = own_builtins
            SourceFileLoader.exec_module(self, module)

    for function in (start, skip, _load_apart, Loader.get_code, Loader.exec_module):
        _fix_co_filename(function.__code__, "<spawnscope start>")
    sys.path_importer_cache[here] = FileFinder(here, (Loader, [".py"]))
