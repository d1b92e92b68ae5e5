/* The notation of layout.h for a program's own settings: times, numbers, sizes.  csocket.h
 * explains the form of the comments. */
#ifndef CSOCKET_NOTATION_H
#define CSOCKET_NOTATION_H

#include <csocket/err.h>

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Parse a time in the notation of layout.h.
 *
 * @text    the string (borrowed): "250ms", "1.5s", "2min"
 * @unit    unit of a number without one, in nanoseconds: CSK_SECOND; 0: a unit is required
 * @ns      set to the time in nanoseconds, which may be negative
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EOPTVALUE not a time, finer than a nanosecond or too long
 * Python:  none
 * Since:   0.1
 * See:     csk_number_parse(3), csk_size_parse(3)
 */
CSK_API int csk_time_parse(const char *text, int64_t unit, int64_t *ns, struct csk_error *error);

/**
 * Parse a whole number in the notation of layout.h.
 *
 * @text    the string (borrowed): "80", "-1", "0x1f"
 * @number  set to the number
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EOPTVALUE not a whole number, or out of the range of 64 bits
 * Python:  none
 * Since:   0.1
 * See:     csk_time_parse(3), csk_size_parse(3)
 */
CSK_API int csk_number_parse(const char *text, int64_t *number, struct csk_error *error);

/**
 * Parse a size in bytes in the notation of layout.h.
 *
 * @text    the string (borrowed): "4096", "64K", "16M"
 * @size    set to the size in bytes
 * @error   filled in on failure; may be NULL
 *
 * Returns: 0.
 * Errors:  CSK_EOPTVALUE not a size, negative, or more than INT64_MAX
 * Python:  none
 * Since:   0.1
 * See:     csk_number_parse(3), csk_time_parse(3)
 */
CSK_API int csk_size_parse(const char *text, int64_t *size, struct csk_error *error);

#ifdef __cplusplus
}
#endif

#endif
