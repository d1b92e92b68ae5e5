/* One field of an option's value, from Python to bytes. */
#include "error.h"
#include "option/options.h"

int csp_option_refuse(const struct csp_packing *packing, PyObject *type, PyObject *object)
{
    const struct csk_option *option = packing->option;
    char accepts[256];

    csk_option_accepts(option, packing->direction, accepts, sizeof accepts);
    if (type == PyExc_TypeError)
        PyErr_Format(type, "%s takes %s, not %.100s", csk_option_name(option), accepts,
                     object == Py_None ? "None" : Py_TYPE(object)->tp_name);
    else
        PyErr_Format(type, "%s takes %s, not %R", csk_option_name(option), accepts, object);
    return -1;
}

int csp_field_pack(struct csp_packing *packing, unsigned field, size_t index, PyObject *object)
{
    struct csp_value_owner owner = CSP_VALUE_OWNER_INIT;
    struct csk_value value = { .kind = CSK_VALUE_NONE };
    struct csk_error found = { 0, "" }, error;
    int n = csp_value_from(&value, &owner, csk_layout_field(packing->layout, field), object, true);

    if (n == CSP_WRONG_KIND || n == CSP_TOO_LARGE)
        n = csp_option_refuse(packing, n == CSP_TOO_LARGE ? PyExc_ValueError : PyExc_TypeError,
                              object);
    if (n == 0) {
        n = csk_layout_set(packing->layout, field, index, packing->bytes, packing->size,
                           &packing->count, &value, &found);
        /* A time was reduced to the largest number of nanoseconds, so the number is not the
         * caller's. */
        if (n == CSK_EOPTVALUE && PyLong_Check(object) && value.kind == CSK_VALUE_INT &&
            (value.i == INT64_MAX || value.i == INT64_MIN))
            csp_option_refuse(packing, PyExc_ValueError, object);
        else if (n < 0) {
            error.code = n;
            PyOS_snprintf(error.text, sizeof error.text, "%s %.180s",
                          csk_option_name(packing->option), found.text);
            csp_raise_info(packing->state, n, &error);
        }
    }
    csp_value_release(&owner);
    return n < 0 ? -1 : 0;
}
