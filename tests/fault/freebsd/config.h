/* The capabilities that configure finds on FreeBSD, as far as needed by the files of src/platform/
 * that test_other_systems.c tests.  accept4 and SOCK_CLOEXEC are omitted: the tested files are for
 * systems without them. */
#define CSK_HAVE_SENDFILE_FREEBSD 1
#define CSK_HAVE_F_DUPFD_CLOEXEC 1
#define CSK_HAVE_MSG_NOSIGNAL 1
#define CSK_HAVE_SIGTIMEDWAIT 1

struct sf_hdtr;

#include <stdio.h>
FILE *funopen(const void *cookie, int (*read)(void *, char *, int),
              int (*write)(void *, const char *, int), fpos_t (*seek)(void *, fpos_t, int),
              int (*close)(void *));
