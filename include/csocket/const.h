/* Constants: every name of Python's socket module and of the Linux headers, with its number. */
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
    CSK_CONSTANT_TEXT = 2,   /* a string: text holds it, value is 0 */
    CSK_CONSTANT_ALIAS = 4,  /* the group has a preferred name for the same number */
};

/* One constant of this system.  The table is read-only and lives as long as the library: pointers
 * to its entries may be kept and compared.  Names and groups are arrays, not pointers, so that the
 * dynamic linker has nothing to relocate and no page of the table is private to a process. */
struct csk_constant {
    char name[48];    /* "SO_REUSEADDR" */
    char group[24];   /* "SO": the names among which a number is looked up */
    const char *text; /* the value of a string constant such as BDADDR_ANY, else NULL */
    int64_t value;
    unsigned flags; /* CSK_CONSTANT_* */
};
typedef struct csk_constant csk_constant_t;

/**
 * Find a constant by its name.
 *
 * The names are those of the C headers and of Python's socket module.  The table has those that
 * the headers of this system define, and on Linux also those of newer kernels: the call that uses
 * one fails if the running kernel does not support it.
 *
 * @name    as in Python: "AF_INET6", "SO_REUSEADDR", "TCP_NODELAY" (borrowed)
 *
 * Returns: the constant, borrowed, never freed; NULL if this system has no constant of that name.
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
 * SO_DEBUG in "SO". Where several names of a group have the number, the preferred one is found:
 * AF_UNIX rather than AF_LOCAL. The others follow it in csk_constant_at(group, ...).
 *
 * @group   "AF", "PF", "SOCK", "SOL", "SO", "IPPROTO", "IP", "IPV6", "TCP", "UDP", "MSG", "SCM",
 *          "AI", "EAI", "NI" ...; docs/constants.md lists all (borrowed)
 * @value   the number
 *
 * Returns: the constant, borrowed, never freed; NULL if the group has no name for the number.
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
 * @index   from 0
 *
 * Returns: the constant, borrowed, never freed; NULL after the last one and for unknown groups.
 * Errors:  none
 * Python:  dir(socket)
 * Since:   0.1
 * See:     csk_constant_find(3)
 */
CSK_API const struct csk_constant *csk_constant_at(const char *group, size_t index);

/**
 * Return the meaning of a constant in a few words: "allow the reuse of a local address".
 *
 * @constant  an entry of the table, as the other functions return it (borrowed)
 *
 * Returns: the text, borrowed, never freed; NULL for NULL and for constants outside the table.
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
