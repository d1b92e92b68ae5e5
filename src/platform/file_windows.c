/* Reading and writing files, by the descriptors of the C library. */
#include "windows/layer.h"

ssize_t cski_ws_read(int fd, void *data, size_t size)
{
    return _read(fd, data, (unsigned)cski_ws_size(size));
}

ssize_t cski_ws_write(int fd, const void *data, size_t size)
{
    return _write(fd, data, (unsigned)cski_ws_size(size));
}

off_t cski_ws_lseek(int fd, off_t offset, int from)
{
    return _lseeki64(fd, offset, from);
}

static OVERLAPPED place(off_t offset)
{
    OVERLAPPED at = { .Offset = (DWORD)offset, .OffsetHigh = (DWORD)((uint64_t)offset >> 32) };

    return at;
}

static int failed(void)
{
    errno = GetLastError() == ERROR_INVALID_HANDLE ? EBADF : EIO;
    return -1;
}

/* Such calls move the position of the file. */
static int64_t position(HANDLE file)
{
    LARGE_INTEGER none = { .QuadPart = 0 }, at;

    return SetFilePointerEx(file, none, &at, FILE_CURRENT) ? at.QuadPart : -1;
}

static void restore(HANDLE file, int64_t position)
{
    SetFilePointerEx(file, (LARGE_INTEGER){ .QuadPart = position }, NULL, FILE_BEGIN);
}

ssize_t cski_ws_pread(int fd, void *data, size_t size, off_t offset)
{
    HANDLE file = (HANDLE)_get_osfhandle(fd);
    OVERLAPPED at = place(offset);
    int64_t before = position(file);
    DWORD got = 0;
    bool done = ReadFile(file, data, (DWORD)cski_ws_size(size), &got, &at);

    if (!done && GetLastError() == ERROR_HANDLE_EOF)
        done = true;
    restore(file, before);
    return done ? (ssize_t)got : failed();
}

ssize_t cski_ws_pwrite(int fd, const void *data, size_t size, off_t offset)
{
    HANDLE file = (HANDLE)_get_osfhandle(fd);
    OVERLAPPED at = place(offset);
    int64_t before = position(file);
    DWORD put = 0;
    bool done = WriteFile(file, data, (DWORD)cski_ws_size(size), &put, &at);

    restore(file, before);
    return done ? (ssize_t)put : failed();
}
