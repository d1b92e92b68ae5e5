/* Declarations shared by the files about options: sock.options, csocket.options and their values.
 *
 * state.h explains the conventions of the prototypes. */
#ifndef CSP_OPTIONS_H
#define CSP_OPTIONS_H

#include "define.h"
#include "socket/socket.h"
#include "value.h"

/* sock.options */
struct csp_view {
    PyObject_HEAD struct csp_socket *sock;
    PyObject *owner; /* of sock's descriptor, if that is not sock: options_of */
};

/* An entry of csocket.options. */
struct csp_option {
    PyObject_HEAD struct csp_state *state; /* borrowed: the type keeps the module */
    const struct csk_option *option;
};

/* csocket.options */
struct csp_catalogue {
    PyObject_HEAD struct csp_state *state; /* borrowed */
};

/* structs.c: types, created when they are first needed. */
extern PyType_Spec csp_view_spec, csp_option_spec, csp_catalogue_spec, csp_control_spec;
extern PyType_Spec csp_message_spec;
extern const struct csp_function csp_view_methods[], csp_catalogue_methods[];
extern const struct csp_function csp_control_methods[], csp_message_methods[];
PyTypeObject *csp_option_type(struct csp_state *state, enum csp_option_type which); /* borrowed */
/* A named tuple class of csocket with a sequence of fields; made once for a name (borrowed). */
PyTypeObject *csp_tuple_class(struct csp_state *state, const char *name, PyObject *fields);
/* A named tuple class that does not belong to a struct: csocket.values has it under its name. */
struct csp_tuple {
    char name[16];
    char fields[128];    /* separated by spaces */
    PyGetSetDef *getset; /* NULL: none */
};
/* mapping.c: of csocket.options[name].fields; errors.c: of sock.errors() */
extern const struct csp_tuple csp_option_field_tuple, csp_queued_error_tuple;
PyTypeObject *csp_tuple_class_of(struct csp_state *state,
                                 const struct csp_tuple *tuple); /* borrowed */
/* The named tuple class of a struct (borrowed). */
PyTypeObject *csp_struct_class(struct csp_state *state, const struct csk_layout *layout);
/* A named tuple of a tuple (stolen; new). */
PyObject *csp_named_tuple(PyTypeObject *type, PyObject *stolen);
/* A field's name in Python, in a buffer of CSP_FIELD_NAME_MAX bytes. */
#define CSP_FIELD_NAME_MAX 64
void csp_field_name(const struct csk_field *field, char *name);

/* names.c: case-insensitive names, and similar ones. */
/* Return NULL, without an exception, if there is no such option. */
const struct csk_option *csp_option_by_name(PyObject *name, int family);
/* Raise a KeyError or an AttributeError that suggests similar names; return NULL. */
PyObject *csp_option_raise_unknown(PyObject *type, PyObject *name, bool lower);
/* The name as in the catalogue, or in lower case as an attribute (new). */
PyObject *csp_option_name_object(const char *name, bool lower);
/* Append the names of attributes in lower case to a list, if the function fit accepts them. */
int csp_option_list_names(PyObject *list, bool (*fits)(const struct csk_option *, void *),
                          void *context);
/* Whether an attribute's name may be an option's: those of methods have no "_" inside. */
bool csp_option_is_name(PyObject *name);
/* Whether a name can be neither an option nor a misspelt one: "__len__". */
bool csp_option_is_private(PyObject *name);

/* read.c: from bytes to Python. */
/* The value in bytes (new). */
PyObject *csp_option_bytes_to(struct csp_state *state, const struct csk_option *option,
                              const unsigned char *bytes, size_t count);
/* The option's value; input may be NULL (new). */
PyObject *csp_option_read(struct csp_socket *sock, const struct csk_option *option,
                          PyObject *input);
/* Whether the kernel supports it: 1, 0, or -1 with an exception if the socket is invalid. */
int csp_option_is_supported(struct csp_socket *sock, const struct csk_option *option);

/* write.c: from Python to bytes. */
int csp_option_write(struct csp_socket *sock, const struct csk_option *option, PyObject *object);

/* A value of an option on its way to bytes. */
struct csp_packing {
    struct csp_state *state;
    const struct csk_option *option;
    unsigned direction; /* purpose of the bytes: CSK_OPTION_SET, or GET's input */
    const struct csk_layout *layout;
    unsigned char *bytes;
    size_t size, count;
};
/* Bytes of a layout (not of a list); packing->count is set to their number. 0 or -1. */
int csp_option_pack(struct csp_packing *packing, PyObject *object);
/* The same, also of a list, for an option that is one. */
int csp_option_pack_all(struct csp_packing *packing, PyObject *object);

/* field.c: one field.  0 or -1. */
int csp_field_pack(struct csp_packing *packing, unsigned field, size_t index, PyObject *object);
/* "SO_LINGER takes ..., not ...": a TypeError or a ValueError.  -1. */
int csp_option_refuse(const struct csp_packing *packing, PyObject *type, PyObject *object);

/* control.c: a message object (new); takes ownership of data.  If it cannot be made, the message's
 * descriptors are closed. */
PyObject *csp_message_new(struct csp_socket *self, PyObject *data, const struct csk_msg *msg);

/* errors.c: a datetime in UTC from nanoseconds since 1970; None for 0 (new). */
PyObject *csp_utc(int64_t ns);

/* mapping.c */
extern const struct csp_attributes csp_option_attributes;
PyObject *csp_option_object(struct csp_state *state, const struct csk_option *option); /* new */

#endif
