/* Names of the module and of its types. */
#include "define.h"

int csp_add(PyObject *module, const char *name, PyObject *stolen)
{
    int n = stolen ? PyDict_SetItemString(PyModule_GetDict(module), name, stolen) : -1;

    Py_XDECREF(stolen);
    return n;
}

int csp_add_methods(PyTypeObject *type, PyMethodDef *methods)
{
    PyObject *method;
    int n = 0;

    for (; n == 0 && methods->ml_name; methods++) {
        method = PyDescr_NewMethod(type, methods);
        n = method ? PyDict_SetItemString(type->tp_dict, methods->ml_name, method) : -1;
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
        n = attribute ? PyDict_SetItemString(type->tp_dict, getset->name, attribute) : -1;
        Py_XDECREF(attribute);
    }
    PyType_Modified(type);
    return n;
}
