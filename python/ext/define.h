/* Add names to the module and to types: define.c, freeze.c and socket/method.c. */
#ifndef CSP_DEFINE_H
#define CSP_DEFINE_H

#include "state.h"

/* Add an object that may be NULL (then an exception is set), and release it. */
int csp_add(PyObject *module, const char *name, PyObject *stolen);

/* A function or method.  The text is its documentation, which begins with its name and a
 * parenthesis, or its name alone.  Compared with a PyMethodDef the loader has one pointer less to
 * relocate. */
struct csp_function {
    PyCFunction function;
    int flags;
    const char *text;
};
#define CSP_FUNCTION(function) (PyCFunction)(void (*)(void))(function)
#define CSP_FAST(function) CSP_FUNCTION(function), METH_FASTCALL
#define CSP_KEYWORDS(function) CSP_FUNCTION(function), METH_FASTCALL | METH_KEYWORDS

/* The interpreter's form of a table that ends with NULL, which lasts as long as the process. */
PyMethodDef *csp_method_defs(const struct csp_function *table);
int csp_add_functions(PyObject *module, const struct csp_function *table);
/* Add the only function of a table, whose __module__ is the package and not the module. */
int csp_add_package_function(PyObject *module, const char *name, const struct csp_function *table);
/* Add a table of methods to a type that was made from a spec; each file has its own table. */
int csp_add_methods(PyTypeObject *type, const struct csp_function *table);
int csp_add_getset(PyTypeObject *type, PyGetSetDef *getset);

/* A read-only attribute; doc may be "".  One getter reads all attributes of a table: its closure is
 * the index. There are no pointers to relocate. */
struct csp_attribute {
    char name[20];
    char doc[84];
};
struct csp_attributes {
    const struct csp_attribute *table;
    size_t count;
    getter get;
};
#define CSP_INDEX(closure) ((size_t)(uintptr_t)(closure))
int csp_add_attributes(PyTypeObject *type, const struct csp_attribute *table, size_t count,
                       getter get);

/* The name of _socket.socket in the interpreter's messages. */
#define CSP_LOW_NAME "_socket.socket"
/* Refuse changes of a type, if the interpreter has no flag for that. */
int csp_freeze(PyTypeObject *type);

/* method.c: the same as csp_add_methods, for methods that work on any object. */
int csp_add_borrowable(struct csp_state *state, PyTypeObject *type,
                       const struct csp_function *table);
/* Make the method of a slot, such as __repr__, work on any object. */
int csp_make_borrowable(struct csp_state *state, PyTypeObject *type, const char *name);

#endif
