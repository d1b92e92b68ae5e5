/* The options of a transfer. */
#include "connect/connect.h"

enum { KEY_IDLE = 0x400, KEY_QUIT_AFTER, KEY_NO_SHUTDOWN, KEY_RECORD_SIZE, KEY_HEX, KEY_PROGRESS };

void cli_transfer_parse(struct cli_state *state, int key, const char *value, void *input)
{
    struct cli_transfer *t = input;

    switch (key) {
    case KEY_IDLE: t->idle = cli_time(state, "idle", value); break;
    case KEY_QUIT_AFTER: t->quit_after = cli_time(state, "quit-after", value); break;
    case KEY_NO_SHUTDOWN: t->no_shutdown = true; break;
    case KEY_RECORD_SIZE:
        t->record_size = (size_t)cli_size(state, "record-size", value, 16 << 20);
        break;
    case KEY_HEX: t->hex = true; break;
    case KEY_PROGRESS: t->progress = true; break;
    default: t->crlf = true;
    }
}

const struct cli_arg cli_transfer_args[] = {
    { "idle", KEY_IDLE, "TIME", false, CLI_WORDS_NONE,
      "End a conversation when nothing was received for TIME" },
    { "hex", KEY_HEX, NULL, false, CLI_WORDS_NONE,
      "Dump what is sent (>; by a relay: to its target) and received (<) on standard error. If "
      "there may be several peers, each line begins with the peer's address" },
    { "progress", KEY_PROGRESS, NULL, false, CLI_WORDS_NONE,
      "Show bytes, rate and remaining time on standard error" },
    { 0 },
};

const struct cli_arg cli_input_args[] = {
    { "no-shutdown", KEY_NO_SHUTDOWN, NULL, false, CLI_WORDS_NONE,
      "Do not shut down sending at the end of standard input" },
    { "quit-after", KEY_QUIT_AFTER, "TIME", false, CLI_WORDS_NONE,
      "Exit TIME after the end of standard input, even if the peer has not ended" },
    { "record-size", KEY_RECORD_SIZE, "BYTES", false, CLI_WORDS_NONE,
      "Send records or datagrams of this size; default: what is written to standard input at "
      "once, a file as a whole" },
    { "crlf", 'C', NULL, false, CLI_WORDS_NONE, "Send CR LF for each LF" },
    { 0 },
};
