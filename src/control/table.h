/* The table of control messages, made by tools/gen_control.py from data/control-messages.tsv.  Its
 * rows are those of the options' table. */
#ifndef CSKI_CONTROL_TABLE_H
#define CSKI_CONTROL_TABLE_H

#include "option/table.h"

#include <csocket/control.h>

extern const struct csk_option *const cski_controls;
extern const struct cski_option_use cski_control_uses[];
extern const uint16_t cski_controls_by_name[];
extern const size_t cski_controls_count;

#endif
