/* File descriptors out of received messages: recv_fds owns them at once, whatever fails. */
#include "args.h"
#include "define.h"
#include "setup.h"
#include "state.h"

#include <string.h>

/* More than the kernel passes in a message (253). */
#define FDS_MAX 1024

struct found {
    int fds[FDS_MAX], unwanted[FDS_MAX];
    size_t count, unwanted_count;
};

static void append_fds(int *fds, size_t *count, const char *data, Py_ssize_t size)
{
    for (Py_ssize_t at = 0; at + (Py_ssize_t)sizeof *fds <= size && *count < FDS_MAX;
         at += (Py_ssize_t)sizeof *fds)
        memcpy(&fds[(*count)++], data + at, sizeof *fds);
}

static int collect_fds(PyObject *items, struct found *found)
{
    const struct csk_constant *pidfd = csk_constant_find("SCM_PIDFD");
    PyObject *fast = PySequence_Fast(items, "recvmsg() must return a list of control messages");
    const char *data;
    Py_ssize_t size;
    int level, kind, n = fast ? 0 : -1;

    for (Py_ssize_t i = 0; n == 0 && i < PySequence_Fast_GET_SIZE(fast); i++) {
        if (!PyArg_Parse(PySequence_Fast_GET_ITEM(fast, i), "(iiy#)", &level, &kind, &data, &size))
            n = -1;
        else if (level == SOL_SOCKET && kind == SCM_RIGHTS)
            append_fds(found->fds, &found->count, data, size);
        else if (level == SOL_SOCKET && pidfd && kind == pidfd->value)
            append_fds(found->unwanted, &found->unwanted_count, data, size);
    }
    Py_XDECREF(fast);
    return n;
}

/* Those from an index on. */
static void close_rest(const int *fds, size_t first, size_t count)
{
    for (size_t i = first; i < count; i++)
        if (fds[i] >= 0) /* a pidfd of a process that has exited is an error instead */
            csk_close_fd(fds[i]);
}

/* [descriptor, ...] (new) */
static PyObject *make_list(const int *fds, size_t count)
{
    PyObject *list = PyList_New((Py_ssize_t)count), *number;

    for (size_t i = 0; list && i < count; i++) {
        if ((number = PyLong_FromLong(fds[i])))
            PyList_SET_ITEM(list, (Py_ssize_t)i, number);
        else
            Py_CLEAR(list);
    }
    return list;
}

/* (data, fds, flags, address) (new) of recvmsg's tuple and what recv_fds received at most.  Without
 * it, nothing stays open. */
static PyObject *take_fds(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    struct found found = { .count = 0 };
    PyObject *data, *items, *address, *list = NULL, *result = NULL;
    Py_ssize_t limit;
    size_t kept = 0;
    int flags;

    (void)module;
    if (csp_count("_take_fds", count, 2, 2) < 0 ||
        !PyArg_Parse(args[0], "(OOiO)", &data, &items, &flags, &address))
        return NULL;
    if (collect_fds(items, &found) == 0 && csp_size(args[1], &limit) == 0) {
        kept = limit < 0 ? 0 : (size_t)limit < found.count ? (size_t)limit : found.count;
        flags |= kept < found.count ? MSG_CTRUNC : 0;
        if ((list = make_list(found.fds, kept)))
            result = Py_BuildValue("(OOiO)", data, list, flags, address);
        Py_XDECREF(list);
    }
    close_rest(found.fds, result ? kept : 0, found.count);
    close_rest(found.unwanted, 0, found.unwanted_count);
    return result;
}

static const struct csp_function functions[] = {
    { CSP_FAST(take_fds), "_take_fds" },
    { NULL },
};

int csp_fds_setup(struct csp_state *state)
{
    return csp_add_functions(state->module, functions);
}
