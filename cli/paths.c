/* Paths of AF_UNIX sockets that the program has bound: removed when it ends for any reason, if they
 * still belong to the same sockets. */
#include "connect/connect.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Systems without real-time signals. */
#ifndef SIGRTMAX
#define SIGRTMAX (NSIG - 1)
#endif

enum { PATHS = 8, PATH_SIZE = 128 };

struct path {
    char name[PATH_SIZE];
    dev_t device;
    ino_t inode;
};

/* exit(3) and signals pass no argument, and any thread may end the program. */
static struct {
    pthread_mutex_t lock;
    struct path list[PATHS];
    size_t count;
} bound = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* While the socket is open, the kernel keeps its inode, so that no other file has the same
 * number. */
static bool is_same(const struct path *path)
{
    struct stat now;

    return lstat(path->name, &now) == 0 && S_ISSOCK(now.st_mode) && now.st_dev == path->device &&
           now.st_ino == path->inode;
}

void cli_paths_remove(void)
{
    pthread_mutex_lock(&bound.lock);
    for (size_t i = 0; i < bound.count; i++)
        if (is_same(&bound.list[i]))
            unlink(bound.list[i].name);
    bound.count = 0;
    pthread_mutex_unlock(&bound.lock);
}

/* The path of an address; false if it has none. */
static bool path_of(const struct csk_addr *addr, char name[PATH_SIZE])
{
    const struct csk_family *family = csk_family_find(addr->sa.sa_family, addr->proto);
    struct csk_value values[CSK_ADDR_FIELDS_MAX];
    char text[CSK_ADDR_TEXT_MAX];

    if (!family ||
        csk_field_kind(csk_layout_field(csk_family_layout(family), 0)) != CSK_FIELD_PATH ||
        csk_addr_unpack(addr, values, text) < 1 || values[0].size == 0 ||
        values[0].size >= PATH_SIZE || values[0].data[0] == 0)
        return false;
    memcpy(name, values[0].data, values[0].size);
    name[values[0].size] = '\0';
    return true;
}

void cli_paths_add(const struct csk_addr *addr)
{
    struct path path;
    struct stat now;

    if (!path_of(addr, path.name) || lstat(path.name, &now) != 0 || !S_ISSOCK(now.st_mode))
        return;
    path.device = now.st_dev;
    path.inode = now.st_ino;
    pthread_mutex_lock(&bound.lock);
    if (bound.count < PATHS)
        bound.list[bound.count++] = path;
    pthread_mutex_unlock(&bound.lock);
}

void cli_quit(int status)
{
    cli_paths_remove();
    fflush(stdout);
    _exit(status);
}

/* Signals whose default action ends the program, and which are not ignored.  Faults are not among
 * them: they must end it at once. */
static void ending_signals(sigset_t *set)
{
    static const int others[] = { SIGKILL, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT,
                                  SIGCHLD, SIGURG,  SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,
                                  SIGTRAP, SIGABRT, SIGSYS,  SIGPIPE, SIGWINCH };
    struct sigaction action;

    sigemptyset(set);
    for (int number = 1; number <= SIGRTMAX; number++) {
        bool ends = sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_DFL;

        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            ends = ends && number != others[i];
        if (ends)
            sigaddset(set, number);
    }
}

static void *wait_for_signal(void *set)
{
    sigset_t one;
    int number;

    if (sigwait(set, &number) != 0)
        return NULL;
    cli_paths_remove();
    signal(number, SIG_DFL);
    sigemptyset(&one);
    sigaddset(&one, number);
    pthread_sigmask(SIG_UNBLOCK, &one, NULL);
    raise(number);
    return NULL;
}

int cli_paths_watch(void)
{
    sigset_t *set = cli_alloc(sizeof *set); /* the thread's, until the program ends */
    pthread_t thread;
    int n;

    ending_signals(set);
    pthread_sigmask(SIG_BLOCK, set, NULL);
    n = atexit(cli_paths_remove) == 0 ? 0 : ENOMEM;
    if (n == 0 && (n = pthread_create(&thread, NULL, wait_for_signal, set)) == 0) {
        pthread_detach(thread);
        return CLI_OK;
    }
    free(set);
    cli_paths_unblock();
    return cli_failed(-n, NULL, "start a thread");
}

void cli_paths_unblock(void)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* For systems whose kernel does not choose a name for an AF_UNIX socket. */
static int bind_to_new_path(struct csk_socket *s, struct csk_addr *addr, struct csk_error *error)
{
    const char *folder = getenv("XDG_RUNTIME_DIR");
    char name[96];
    int n = -EADDRINUSE;

    if (!folder || !*folder)
        folder = "/tmp";
    for (unsigned i = 0; i < 100 && n == -EADDRINUSE; i++) {
        snprintf(name, sizeof name, "%s/csocket-%ld-%u", folder, (long)getpid(), i);
        n = csk_addr_parse(addr, s->family, 0, name, error);
        if (n == 0)
            n = csk_bind(s, addr, error);
    }
    return n;
}

int cli_bind(struct csk_socket *s, const char *text, struct csk_error *error)
{
    struct csk_addr addr;
    int n = csk_addr_parse(&addr, s->family, s->proto, text ? text : "", error);

    if (n == 0)
        n = csk_bind(s, &addr, error);
    if (n < 0 && !text)
        n = bind_to_new_path(s, &addr, error);
    if (n == 0)
        cli_paths_add(&addr);
    else if (error && error->code != n) {
        error->code = n;
        error->text[0] = '\0';
    }
    return n;
}
