"""Patching modules of the standard library when, and only when, the program imports them."""

import sys


class Finder:
    """First on sys.meta_path. For a module that has a patch, it lets the others find it, and runs
    the patch right after the module was executed."""

    def __init__(self, patches, on_fault):
        self._patches = patches
        self._on_fault = on_fault
        self._busy = set()

    def find_spec(self, name, path=None, target=None):
        patch = self._patches.get(name)
        if patch is None or name in self._busy:
            return None
        self._busy.add(name)
        try:
            for finder in sys.meta_path:
                find = getattr(finder, "find_spec", None)
                if finder is self or find is None:
                    continue
                spec = find(name, path, target)
                if spec is not None:
                    break
            else:
                return None
        finally:
            self._busy.discard(name)
        loader = spec.loader
        if loader is not None and hasattr(loader, "exec_module"):
            spec.loader = _Loader(loader, patch, self._on_fault)
        return spec


class _Loader:
    """Delegates to the real loader, steps aside, then patches."""

    def __init__(self, loader, patch, on_fault):
        self._loader = loader
        self._patch = patch
        self._on_fault = on_fault

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        try:
            self._patch(module)
        except Exception as error:  # the edge: a module that we do not know as we thought
            self._on_fault(error)

    def __getattr__(self, name):
        return getattr(self._loader, name)
