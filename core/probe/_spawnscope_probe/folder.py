"""The session's run folder, opened anew for each use, so that no descriptor of ours stays open.

The session may have ended since, and anybody can make a folder of the same name in /dev/shm then.
So it is used only while it is this user's own and nobody else may enter it, and what is in it is
reached through its descriptor.
"""

from posix import (
    O_CLOEXEC,
    O_CREAT,
    O_DIRECTORY,
    O_EXCL,
    O_NOFOLLOW,
    O_RDONLY,
    O_RDWR,
    O_TRUNC,
    O_WRONLY,
    close,
    fstat,
    fstatvfs,
    ftruncate,
    geteuid,
    posix_fallocate,
    rename,
    write,
)
from posix import (
    open as open_file,
)

from . import layout, memory

_OPENING = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
_CREATING = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
_LEAST_SHARE = layout.SHARE // 2  # in a fork, whose recorder is as large as its parent's


class NoRoom(OSError):
    """There is too little room for a recorder; the program may need the rest itself."""

    def __init__(self, path):
        place = path.rpartition("/")[0]
        OSError.__init__(self, "there is too little room in %s for its recorder" % place)


class Folder:
    """The run folder at `path`. All methods raise OSError."""

    __slots__ = ("path",)

    def __init__(self, path):
        self.path = path

    def room(self, most):
        """How large a recorder may be, up to `most` bytes; smaller where little is free. What the
        file system holds is for the program: it must not run into its end because of us."""
        descriptor = self._open()
        try:
            status = fstatvfs(descriptor)
            free = status.f_bavail * status.f_frsize
            size = min(most, free // layout.SHARE) // 4096 * 4096
        finally:
            close(descriptor)
        if size < layout.SMALLEST_BYTES:
            raise NoRoom(self.path)
        return size

    def map_new(self, name, shape, header, at=None):
        """Create a file of a Shape that must not exist, and map it; returns the address. The parts
        that the shape names are reserved: no write there can fail later. It has its name only when
        `header` is in it, so no reader meets half of one. `at`: an earlier mapping to replace."""
        size = shape.size
        folder = self._open(size)
        try:
            file = open_file(name + ".new", _CREATING, 0o600, dir_fd=folder)
            try:
                ftruncate(file, size)
                # A write to a page that the file system has no room for would be a SIGBUS.
                for first, length in shape.parts:
                    posix_fallocate(file, first, length)
                write(file, header)
                address = memory.map_file(file, size, at)
            finally:
                close(file)
            rename(name + ".new", name, src_dir_fd=folder, dst_dir_fd=folder)
            return address
        finally:
            close(folder)

    def reserve(self, name, size, first, length):
        """Reserve another part of what `map_new` made, with `size` bytes."""
        folder = self._open(size)
        try:
            file = open_file(name, O_RDWR | O_CLOEXEC | O_NOFOLLOW, dir_fd=folder)
            try:
                posix_fallocate(file, first, length)
            finally:
                close(file)
        finally:
            close(folder)

    def map_to_read(self, name, size):
        """Map an existing file, read-only; returns the address."""
        folder = self._open()
        try:
            file = open_file(name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, dir_fd=folder)
            try:
                return memory.map_to_read(file, size)
            finally:
                close(file)
        finally:
            close(folder)

    def write(self, name, text):
        """Write a text, whole or not at all."""
        folder = self._open()
        try:
            flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
            file = open_file(name + ".new", flags, 0o600, dir_fd=folder)
            try:
                data = text.encode("utf-8", "backslashreplace")
                while data:
                    data = data[write(file, data) :]
            finally:
                close(file)
            rename(name + ".new", name, src_dir_fd=folder, dst_dir_fd=folder)
        finally:
            close(folder)

    def _open(self, size=0):
        """Its descriptor. `size`: of a recorder that there must be room for."""
        descriptor = open_file(self.path, _OPENING)
        status = fstat(descriptor)
        if status.st_uid != geteuid() or status.st_mode & 0o077:
            close(descriptor)
            raise OSError("%s is not a folder of this user alone" % self.path)
        if size:
            status = fstatvfs(descriptor)
            if status.f_bavail * status.f_frsize // _LEAST_SHARE < size:
                close(descriptor)
                raise NoRoom(self.path)
        return descriptor
