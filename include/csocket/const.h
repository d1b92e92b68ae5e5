/* Constants: every name of Python's socket module and of the Linux headers, with its number.
 * csocket.h explains the form of the comments. */
#ifndef CSOCKET_CONST_H
#define CSOCKET_CONST_H

#include <csocket/err.h>

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum csk_constant_flags {
    CSK_CONSTANT_PYTHON = 1, /* CPython's _socket exports the name on this system */
    CSK_CONSTANT_TEXT = 2,   /* a string: text is its value, value is 0 */
    CSK_CONSTANT_ALIAS = 4,  /* the group has a preferred name for the same number */
};

/* One constant of this system.  The table is read-only and lives as long as the library: pointers
 * to its entries may be kept and compared.  Names and groups are arrays, not pointers, so that the
 * dynamic linker has nothing to relocate and all processes share the pages of the table. */
struct csk_constant {
    char name[48];    /* "SO_REUSEADDR" */
    char group[24];   /* "SO": the names within which a number is unique */
    const char *text; /* the value of a string constant such as BDADDR_ANY, otherwise NULL */
    int64_t value;
    unsigned flags; /* CSK_CONSTANT_* */
};
typedef struct csk_constant csk_constant_t;

/**
 * Find a constant by its name.
 *
 * The names are those of the C headers and of Python's socket module.  The table contains the names
 * that the headers of this system define, and on Linux also those of newer kernels: a call with
 * such a constant fails if the running kernel does not support it.
 *
 * @name    as in Python: "AF_INET6", "SO_REUSEADDR", "TCP_NODELAY" (borrowed)
 *
 * Returns: the constant, an entry of the table; NULL if this system has no constant of that name.
 * Errors:  none
 * Python:  getattr(socket, name)
 * Since:   0.1
 * See:     csk_constant_by_value(3), csk_constant_at(3), csk_constant_meaning(3)
 */
CSK_API const struct csk_constant *csk_constant_find(const char *name);

/**
 * Find the name of a number.
 *
 * Numbers are unique only inside a group: 1 is AF_UNIX in "AF", SOCK_STREAM in "SOCK" and
 * SO_DEBUG in "SO".  If several names of a group have the number, the preferred one is found:
 * AF_UNIX rather than AF_LOCAL.  The other names follow it in csk_constant_at(group, ...).
 *
 * @group   "AF", "PF", "SOCK", "SOL", "SO", "IPPROTO", "IP", "IPV6", "TCP", "UDP", "MSG", "SCM",
 *          "AI", "EAI", "NI" ...; docs/constants.md lists all (borrowed)
 * @value   the number
 *
 * Returns: the constant, an entry of the table; NULL if the group has no name for the number.
 * Errors:  none
 * Python:  AddressFamily(value).name, SocketKind(value).name
 * Since:   0.1
 * See:     csk_constant_find(3), csk_constant_at(3)
 */
CSK_API const struct csk_constant *csk_constant_by_value(const char *group, int64_t value);

/**
 * Iterate over the constants of this system.
 *
 *     for (size_t i = 0; (c = csk_constant_at("AF", i)); i++)
 *         printf("%s %lld\n", c->name, (long long)c->value);
 *
 * @group   a group: its constants in the order of their numbers, preferred names first; or NULL:
 *          all constants in the order of their names (borrowed)
 * @index   index of the constant, from 0
 *
 * Returns: the constant, an entry of the table; NULL after the last one and for unknown groups.
 * Errors:  none
 * Python:  dir(socket)
 * Since:   0.1
 * See:     csk_constant_find(3)
 */
CSK_API const struct csk_constant *csk_constant_at(const char *group, size_t index);

/**
 * Return the meaning of a constant in a few words: "allow the reuse of a local address".
 *
 * @constant an entry of the table (borrowed)
 *
 * Returns: a constant string, "" in a library that was built with -Dcatalogue=names; NULL if
 *          constant is NULL or not an entry of the table.
 * Errors:  none
 * Python:  none
 * Since:   0.1
 * See:     csk_constant_find(3)
 */
CSK_API const char *csk_constant_meaning(const struct csk_constant *constant);

#ifdef __cplusplus
}
#endif

#endif
