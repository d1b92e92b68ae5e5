/* csk_peek, the worked example of docs/adding-an-operation.md, with every failure. */
#include "../core/peek.h"
#include "fault.h"

static void something_to_peek_at(struct world *w)
{
    assert_int_equal(csk_send(&w->pair[1], "abc", 3, 0), 3);
}

static int64_t run_peek(struct world *w)
{
    return csk_peek(&w->pair[0], w->data, sizeof w->data);
}

OPERATION(peek_handles_errors, .prepare = something_to_peek_at, .run = run_peek)

TESTS(TEST(peek_handles_errors))
