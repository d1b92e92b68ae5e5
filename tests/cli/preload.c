/* Loaded before the C library: calls that fail on demand.
 *
 * CSOCKET_FAIL="accept4 24 3": the first 3 calls of accept4 fail with errno 24.
 * CSOCKET_FAIL="malloc 5": only allocation number 5 (counted from 1) fails. CSOCKET_COUNT=FILE:
 * exit(3) writes the number of allocations to FILE. CSOCKET_FAIL="bind 22 1": likewise; and
 * listen. */
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static atomic_int calls, allocations, ended;

/* Return whether this call must fail; if so, set errno. */
static int fails(const char *name)
{
    const char *what = getenv("CSOCKET_FAIL");
    char word[32] = "";
    int number = 0, times = 0;

    if (!what || sscanf(what, "%31s %d %d", word, &number, &times) != 3 || strcmp(word, name))
        return 0;
    if (atomic_fetch_add(&calls, 1) >= times)
        return 0;
    errno = number;
    return 1;
}

#define REAL(type, name) ((type)dlsym(RTLD_NEXT, name))

int accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags)
{
    typedef int accept4_fn(int, struct sockaddr *, socklen_t *, int);

    return fails("accept4") ? -1 : REAL(accept4_fn *, "accept4")(fd, addr, len, flags);
}

int bind(int fd, const struct sockaddr *addr, socklen_t len)
{
    typedef int bind_fn(int, const struct sockaddr *, socklen_t);

    return fails("bind") ? -1 : REAL(bind_fn *, "bind")(fd, addr, len);
}

int listen(int fd, int backlog)
{
    typedef int listen_fn(int, int);

    return fails("listen") ? -1 : REAL(listen_fn *, "listen")(fd, backlog);
}

/* getenv and sscanf may allocate, so neither is used to decide. */
extern char **environ;

static int refused(void)
{
    static const char prefix[] = "CSOCKET_FAIL=malloc ";
    int number;

    if (atomic_load(&ended))
        return 0;
    number = atomic_fetch_add(&allocations, 1) + 1;
    for (char **each = environ; each && *each; each++)
        if (!strncmp(*each, prefix, sizeof prefix - 1))
            return number == atoi(*each + sizeof prefix - 1);
    return 0;
}

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static void *out_of_memory(void)
{
    errno = ENOMEM;
    return NULL;
}

void *malloc(size_t size)
{
    return refused() ? out_of_memory() : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return refused() ? out_of_memory() : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return refused() ? out_of_memory() : __libc_realloc(old, size);
}

/* gcov allocates memory at exit and does not check for failure. */
#ifdef COVERAGE
typedef int main_fn(int, char **, char **);
typedef int start_fn(main_fn *, int, char **, void (*)(void), void (*)(void), void (*)(void),
                     void *);

static main_fn *program;

static void end(void)
{
    atomic_store(&ended, 1);
}

static int main_until_end(int argc, char **argv, char **envp)
{
    atexit(end);
    return program(argc, argv, envp);
}

int __libc_start_main(main_fn *, int, char **, void (*)(void), void (*)(void), void (*)(void),
                      void *);
int __libc_start_main(main_fn *main, int argc, char **argv, void (*init)(void), void (*fini)(void),
                      void (*rtld_fini)(void), void *stack)
{
    program = main;
    return REAL(start_fn *, "__libc_start_main")(main_until_end, argc, argv, init, fini, rtld_fini,
                                                 stack);
}
#endif

__attribute__((destructor)) static void write_count(void)
{
    const char *name = getenv("CSOCKET_COUNT");
    int count = atomic_load(&allocations);
    FILE *file = name ? fopen(name, "w") : NULL;

    if (!file)
        return;
    fprintf(file, "%d\n", count);
    fclose(file);
}
