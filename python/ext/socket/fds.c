/* File descriptors out of received messages: recv_fds owns them at once, whatever fails. */
#include "args.h"
#include "define.h"
#include "setup.h"
#include "state.h"

#include <string.h>

/* More than the kernel passes in a message (253). */
#define MOST 1024

struct found {
    int fds[MOST], surplus[MOST];
    size_t count, surplus_count;
};

static void add(int *fds, size_t *count, const char *data, Py_ssize_t size)
{
    for (Py_ssize_t at = 0; at + (Py_ssize_t)sizeof *fds <= size && *count < MOST;
         at += (Py_ssize_t)sizeof *fds)
        memcpy(&fds[(*count)++], data + at, sizeof *fds);
}

static int find(PyObject *items, struct found *found)
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
            add(found->fds, &found->count, data, size);
        else if (level == SOL_SOCKET && pidfd && kind == pidfd->value)
            add(found->surplus, &found->surplus_count, data, size);
    }
    Py_XDECREF(fast);
    return n;
}

/* Those from an index on. */
static void close_from(const int *fds, size_t first, size_t count)
{
    for (size_t i = first; i < count; i++)
        if (fds[i] >= 0) /* a pidfd of a process that has exited is an error instead */
            csk_close_fd(fds[i]);
}

/* [descriptor, ...] (new) */
static PyObject *list_of(const int *fds, size_t count)
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
    Py_ssize_t most;
    size_t kept = 0;
    int flags;

    (void)module;
    if (csp_count("_take_fds", count, 2, 2) < 0 ||
        !PyArg_Parse(args[0], "(OOiO)", &data, &items, &flags, &address))
        return NULL;
    if (find(items, &found) == 0 && csp_size(args[1], &most) == 0) {
        kept = most < 0 ? 0 : (size_t)most < found.count ? (size_t)most : found.count;
        flags |= kept < found.count ? MSG_CTRUNC : 0;
        if ((list = list_of(found.fds, kept)))
            result = Py_BuildValue("(OOiO)", data, list, flags, address);
        Py_XDECREF(list);
    }
    close_from(found.fds, result ? kept : 0, found.count);
    close_from(found.surplus, 0, found.surplus_count);
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
