/* Lists of field values, for the tests of address families. */
#ifndef CSK_TEST_VALUES_H
#define CSK_TEST_VALUES_H

#include <csocket/layout.h>

#define INT(n)                                                                                     \
    {                                                                                              \
        .kind = CSK_VALUE_INT, .i = (n)                                                            \
    }
#define UINT(n)                                                                                    \
    {                                                                                              \
        .kind = CSK_VALUE_UINT, .u = (n)                                                           \
    }
#define TEXT(t)                                                                                    \
    {                                                                                              \
        .kind = CSK_VALUE_TEXT, .data = (t), .size = sizeof(t) - 1                                 \
    }
#define BYTES(t)                                                                                   \
    {                                                                                              \
        .kind = CSK_VALUE_BYTES, .data = (t), .size = sizeof(t) - 1                                \
    }
#define NONE                                                                                       \
    {                                                                                              \
        .kind = CSK_VALUE_NONE                                                                     \
    }
/* A list and its length, as two arguments. */
#define VALUES(...)                                                                                \
    (const struct csk_value[]){ __VA_ARGS__ },                                                     \
        sizeof((const struct csk_value[]){ __VA_ARGS__ }) / sizeof(struct csk_value)
/* The bytes of a string and their number, as two arguments. */
#define RAW(bytes) bytes, sizeof(bytes) - 1

#endif
