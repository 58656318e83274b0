"""Mapping a recorder's file into memory, without a descriptor that the program could meet.

    a file, reserved (`folder`) --> mmap(MAP_SHARED) at an address that stays --> closed

`mmap.mmap` keeps a descriptor of its own, which a program that closes all descriptors closes, and
whose number it then may be given for a file that we would close in turn. After a fork the child's
own file is mapped over the parent's, at the same address: whoever holds a view of this memory goes
on and writes into the child's.
"""

from _functools import partial
from posix import O_CLOEXEC, O_RDONLY, close, dup
from posix import open as open_file

_FIRST_OF_LIBFFI = 256  # tests of what is inherited look at all below that


def _loaded():
    """_ctypes. libffi, which comes along with it, keeps its own file open for good where it has
    static trampolines: by a number that a program does not meet, as it expects 3 to come first."""
    kept = []
    try:
        first = open_file("/dev/null", O_RDONLY | O_CLOEXEC)
        kept.append(first)
        while kept[-1] < _FIRST_OF_LIBFFI - 1:
            kept.append(dup(first))
    except OSError:  # so few are allowed, or there is no such file: as it comes
        for descriptor in kept:
            close(descriptor)
        kept.clear()
    try:
        import _ctypes
    finally:
        for descriptor in kept:
            close(descriptor)
    return _ctypes


_ctypes = _loaded()
_PROT_READ, _PROT_WRITE = 1, 2
_MAP_SHARED, _MAP_PRIVATE, _MAP_FIXED, _MAP_ANONYMOUS = 0x01, 0x02, 0x10, 0x20
_CDECL, _USES_ERRNO = 1, 8


class _Pointer(_ctypes._SimpleCData):
    _type_ = "P"


class _Size(_ctypes._SimpleCData):
    _type_ = "L"


class _Int(_ctypes._SimpleCData):
    _type_ = "i"


class _Byte(_ctypes._SimpleCData):
    _type_ = "B"


class _Function(_ctypes.CFuncPtr):
    _flags_ = _CDECL
    _restype_ = _Pointer
    _argtypes_ = (_Pointer, _Size, _Int, _Int, _Int, _Size)


class _ControlFunction(_ctypes.CFuncPtr):
    _flags_ = _CDECL
    _restype_ = _Int
    _argtypes_ = (_Int, _Size, _Size, _Size, _Size)


class _LookFunction(_ctypes.CFuncPtr):
    _flags_ = _CDECL
    _restype_ = _Int
    _argtypes_ = (_Int, _Pointer, _Int, _Int, _Pointer)


_libc = _ctypes.dlopen(None, 0)
_mmap = _Function(_ctypes.dlsym(_libc, "mmap"))
prctl = _ControlFunction(_ctypes.dlsym(_libc, "prctl"))
_FAILED = 2**64 - 1
_AT_FDCWD, _STATX_NLINK, _STATX_BYTES, _STATX_NLINK_AT = -100, 4, 256, 16


def map_file(descriptor, size, at=None):
    """Map an open file; returns the address. `at`: an earlier mapping to replace. OSError."""
    address = _mmap(at, size, 3, 0x01 if at is None else 0x11, descriptor, 0)
    if address is None or address == _FAILED:
        raise OSError("mmap failed")
    return address


def map_to_read(descriptor, size):
    """Map an open file, read-only; returns the address. OSError."""
    return _map(None, size, _PROT_READ, _MAP_SHARED, descriptor)


def map_nothing(at, size):
    """Put private memory, which nobody reads, where a recorder was."""
    _map(at, size, _PROT_READ | _PROT_WRITE, _MAP_PRIVATE | _MAP_ANONYMOUS, -1)


def view(address, size):
    """The bytes at an address, as a memoryview."""
    kind = type("_Bytes", (_ctypes.Array,), {"_type_": _Byte, "_length_": size})
    return memoryview(kind.from_address(address)).cast("B")


def link_counter(path):
    """What counts the links of a file when it is called, all of it C, and where the number is then,
    as one word; 0 where the C library cannot tell."""
    name, found = bytearray(path.encode() + bytes(1)), bytearray(_STATX_BYTES)
    count = memoryview(found)[_STATX_NLINK_AT : _STATX_NLINK_AT + 4].cast("I")
    try:
        statx = _LookFunction(_ctypes.dlsym(_libc, "statx"))
    except OSError:  # an old one
        return bool, count
    path, found = _at(name), _at(found)
    return partial(statx, _AT_FDCWD, path, 0, _STATX_NLINK, found), count


def _at(data):
    """A pointer to what lies in a bytearray, which stays there as long as that pointer does."""
    kind = type("_Bytes", (_ctypes.Array,), {"_type_": _Byte, "_length_": len(data)})
    return kind.from_buffer(data)


def _map(at, size, protection, flags, descriptor):
    if at is not None:
        flags |= _MAP_FIXED
    address = _mmap(at, size, protection, flags, descriptor, 0)
    if address is None or address == _FAILED:
        raise OSError("mmap failed")
    return address
