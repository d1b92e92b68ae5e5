/* An immutable type on interpreters without a flag for it (3.9).
 *
 * A metaclass refuses to set attributes of this type; classes derived from it are not affected.
 */
#include "define.h"

#if CSP_IMMUTABLE_TYPE || !CSP_HAS_SET_METACLASS
int csp_freeze(PyTypeObject *type)
{
    (void)type;
    return 0;
}
#else
static int refuse(PyObject *type, PyObject *name, PyObject *value)
{
    PyTypeObject *self = (PyTypeObject *)type;

    if (strcmp(self->tp_name, CSP_LOW_NAME) != 0)
        return PyType_Type.tp_setattro(type, name, value);
    PyErr_Format(PyExc_TypeError, "cannot set %R attribute of immutable type '%s'", name,
                 self->tp_name);
    return -1;
}

static PyType_Slot slots[] = {
    { Py_tp_setattro, refuse },
    { 0, NULL },
};

static PyType_Spec spec = {
    .name = "csocket._socket.immutable",
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = slots,
};

int csp_freeze(PyTypeObject *type)
{
    PyObject *bases = PyTuple_Pack(1, &PyType_Type);
    PyObject *meta = bases ? PyType_FromSpecWithBases(&spec, bases) : NULL;

    Py_XDECREF(bases);
    if (!meta)
        return -1;
    Py_SET_TYPE(type, (PyTypeObject *)meta);
    return 0;
}
#endif
