/* Names of the module and of its types. */
#include "define.h"

#include <string.h>

int csp_add(PyObject *module, const char *name, PyObject *stolen)
{
    int n = stolen ? PyDict_SetItemString(PyModule_GetDict(module), name, stolen) : -1;

    Py_XDECREF(stolen);
    return n;
}

/* A table in the interpreter's format.  Functions and bound methods use it until they are freed,
 * possibly after their module, so it is kept, once for all interpreters. */
struct kept_table {
    const void *table;
    struct kept_table *next;
    void *data[];
};

static struct kept_table *kept_tables; /* atomic */

static void *find_kept(const void *table)
{
    struct kept_table *kept = __atomic_load_n(&kept_tables, __ATOMIC_ACQUIRE);

    while (kept && kept->table != table)
        kept = kept->next;
    return kept ? kept->data : NULL;
}

static struct kept_table *allocate(const void *table, size_t size)
{
    struct kept_table *kept = PyMem_RawCalloc(1, sizeof *kept + size);

    if (kept)
        kept->table = table;
    else
        PyErr_NoMemory();
    return kept;
}

/* Two interpreters may both keep one. */
static void *keep(struct kept_table *kept)
{
    kept->next = __atomic_load_n(&kept_tables, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&kept_tables, &kept->next, kept, true, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED))
        ;
    return kept->data;
}

static size_t name_length(const struct csp_function *function)
{
    return strcspn(function->text, "(");
}

/* The names are stored after the table. */
static void fill_methods(PyMethodDef *defs, const struct csp_function *table, size_t count)
{
    char *name = (char *)&defs[count + 1];

    for (size_t i = 0; i < count; i++) {
        const struct csp_function *f = &table[i];
        size_t length = name_length(f);

        defs[i] = (PyMethodDef){ name, f->function, f->flags, f->text[length] ? f->text : NULL };
        memcpy(name, f->text, length);
        name += length + 1;
    }
}

PyMethodDef *csp_method_defs(const struct csp_function *table)
{
    PyMethodDef *defs = find_kept(table);
    size_t count = 0, names = 0;
    struct kept_table *kept;

    if (defs)
        return defs;
    for (; table[count].function; count++)
        names += name_length(&table[count]) + 1;
    kept = allocate(table, (count + 1) * sizeof *defs + names);
    if (!kept)
        return NULL;
    fill_methods((PyMethodDef *)(void *)kept->data, table, count);
    return keep(kept);
}

int csp_add_functions(PyObject *module, const struct csp_function *table)
{
    PyMethodDef *defs = csp_method_defs(table);

    return defs ? PyModule_AddFunctions(module, defs) : -1;
}

int csp_add_package_function(PyObject *module, const char *name, const struct csp_function *table)
{
    PyObject *package = PyUnicode_FromString("csocket");
    PyMethodDef *def = package ? csp_method_defs(table) : NULL;
    int n = def ? csp_add(module, name, PyCFunction_NewEx(def, module, package)) : -1;

    Py_XDECREF(package);
    return n;
}

int csp_add_methods(PyTypeObject *type, const struct csp_function *table)
{
    PyMethodDef *def = csp_method_defs(table);
    PyObject *method;
    int n = def ? 0 : -1;

    for (; n == 0 && def->ml_name; def++) {
        method = PyDescr_NewMethod(type, def);
        n = method ? PyDict_SetItem(type->tp_dict, PyDescr_NAME(method), method) : -1;
        Py_XDECREF(method);
    }
    PyType_Modified(type);
    return n;
}

int csp_add_getset(PyTypeObject *type, PyGetSetDef *getset)
{
    PyObject *attribute;
    int n = 0;

    for (; n == 0 && getset->name; getset++) {
        attribute = PyDescr_NewGetSet(type, getset);
        n = attribute ? PyDict_SetItem(type->tp_dict, PyDescr_NAME(attribute), attribute) : -1;
        Py_XDECREF(attribute);
    }
    PyType_Modified(type);
    return n;
}

int csp_add_attributes(PyTypeObject *type, const struct csp_attribute *table, size_t count,
                       getter get)
{
    PyGetSetDef *defs = find_kept(table);
    struct kept_table *kept;

    if (!defs) {
        kept = allocate(table, (count + 1) * sizeof *defs);
        if (!kept)
            return -1;
        defs = (PyGetSetDef *)(void *)kept->data;
        for (size_t i = 0; i < count; i++)
            defs[i] = (PyGetSetDef){ table[i].name, get, NULL,
                                     table[i].doc[0] ? table[i].doc : NULL, (void *)(uintptr_t)i };
        keep(kept);
    }
    return csp_add_getset(type, defs);
}
