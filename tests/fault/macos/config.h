/* The capabilities that configure finds on macOS, as far as needed by the files of src/platform/
 * that test_other_systems.c tests. */
#define CSK_HAVE_SENDFILE_MACOS 1
#define CSK_HAVE_F_DUPFD_CLOEXEC 1
#define CSK_HAVE_MSG_NOSIGNAL 1
#define SO_NOSIGPIPE 0x1022

struct sf_hdtr;

#include <stdio.h>
FILE *funopen(const void *cookie, int (*read)(void *, char *, int),
              int (*write)(void *, const char *, int), fpos_t (*seek)(void *, fpos_t, int),
              int (*close)(void *));
