/* Declarations shared by the commands that connect: addresses, paths, transfers, accepting. */
#ifndef CSOCKET_CLI_CONNECT_H
#define CSOCKET_CLI_CONNECT_H

#include "cli.h"

#include <pthread.h>
#include <stdatomic.h>

/* endpoint.c: conversion of an address from the user's notation to the library's. */
struct cli_endpoint {
    char text[CSK_ADDR_TEXT_MAX];
    int family, type, proto; /* 0: not said */
    bool is_path;            /* an AF_UNIX path or abstract name */
};

/* Read "HOST:PORT", "HOST PORT" (second is then not NULL), "PORT" if port_alone, a path, or
 * "tcp://HOST:PORT" and the like.  0, or CLI_USAGE after an error message. */
int cli_endpoint(struct cli_endpoint *e, const char *first, const char *second, bool port_alone,
                 const struct cli_kind *kind);

/* paths.c: AF_UNIX sockets in the file system, which are removed regardless of how the program
 * ends. */

/* Remove registered paths on the signals that end the program, and at exit(3).  Must be called
 * before any thread is started.  CLI_OK or CLI_FAILED. */
int cli_paths_watch(void);

/* Register the path to which a socket was just bound, if the address has one. */
void cli_paths_add(const struct csk_addr *addr);

/* Remove every path that is still the socket that was bound. */
void cli_paths_remove(void);

/* End the program from any thread, without waiting for the others. */
void cli_quit(int status) __attribute__((noreturn));

/* Bind and register: to an address as text, or for NULL to one that the system chooses. */
int cli_bind(struct csk_socket *s, const char *text, struct csk_error *error);

/* The signals that cli_paths_watch blocks, for a child to unblock. */
void cli_paths_unblock(void);

/* Data left over from a dialogue (dialogue.c), with which the two directions begin.  They run until
 * the program ends, as long as the memory exists. */
struct cli_rest {
    char *data; /* read from standard input; bytes begin..end are not yet sent */
    size_t begin, end;
    bool input_ended;
    char *output; /* received; output_size bytes are not yet written */
    size_t output_size;
    int64_t send_code, receive_code, write_code; /* errors that must be reported */
};

/* transfer.c: moving bytes and records between two ends. */

/* Settings for converting, showing and counting the bytes. */
struct cli_transfer {
    int64_t idle;       /* end if nothing was received for this time; negative: never */
    int64_t quit_after; /* end this time after the end of input; negative: never */
    size_t record_size; /* of input for sockets that have records; 0: as it is read */
    bool no_shutdown;   /* do not shut down the sending half at the end of input */
    bool crlf, hex, progress;
    atomic_llong sent, received; /* bytes */
    pthread_mutex_t lock;        /* held between receiving and writing, if quit_after is in force */
    struct cli_progress *shown;  /* show.c's */
    struct cli_rest rest;
};

#define CLI_TRANSFER_INIT                                                                          \
    {                                                                                              \
        .idle = -1, .quit_after = -1, .lock = PTHREAD_MUTEX_INITIALIZER                            \
    }

/* One of the two ends. */
struct cli_end {
    struct csk_socket *socket; /* NULL: the descriptor is a file, a pipe or a terminal */
    int fd;
    const char *name; /* for error messages */
    const char *peer; /* for dumps: which of several connections, or NULL */
};

enum cli_ending {
    CLI_END,        /* of the stream */
    CLI_END_IDLE,   /* no data arrived in time */
    CLI_END_OUTPUT, /* the other end accepts no more data */
    CLI_END_ERROR,  /* a message was printed */
};

/* Copy one direction until it ends.  sending: whether it counts as sent. */
enum cli_ending cli_copy(struct cli_transfer *t, const struct cli_end *from,
                         const struct cli_end *to, bool sending);

/* Standard input to the socket and the socket to standard output, until both have ended. */
int cli_relay(struct csk_socket *s, struct cli_transfer *t);

/* The socket to standard output alone; peer as in cli_end; *output_closed: whether it accepts no
 * more data. */
int cli_receive(struct csk_socket *s, struct cli_transfer *t, const char *peer,
                bool *output_closed);

/* Both directions between two sockets. */
int cli_relay_pair(struct csk_socket *a, struct csk_socket *b, struct cli_transfer *t,
                   const char *peer);

/* Whether the socket has a stream of bytes, connections, and records. */
bool cli_is_stream(const struct csk_socket *s);
bool cli_has_connections(int type);

/* Whether the code of a receive only means that the connection has ended. */
bool cli_is_end(const struct csk_socket *s, int64_t code);

/* dialogue.c: exchange short messages in this thread, until the end, an error, or longer messages;
 * the two directions then begin with t->rest. */
void cli_dialogue(struct csk_socket *s, struct cli_transfer *t);

/* stdio.c: descriptors that may be non-blocking. */
int64_t cli_read_some(int fd, void *data, size_t size);
int cli_write_all(int fd, const void *data, size_t size); /* 0 or -errno */
int cli_wait_fd(int fd, int events, int64_t timeout);

/* The options of a transfer, for a command's groups; those of the second table are for commands
 * that send standard input. */
extern const struct cli_arg cli_transfer_args[];
extern const struct cli_arg cli_input_args[];
void cli_transfer_parse(struct cli_state *state, int key, const char *value, void *transfer);

/* show.c: dumps and progress on standard error. */
/* peer: what begins each line if there may be several peers, otherwise NULL. */
void cli_hex_dump(const char *peer, bool sending, int64_t offset, const void *data, size_t size);
/* Print the progress periodically until the program ends; total: bytes to send, or -1. */
void cli_progress_start(struct cli_transfer *t, int64_t total);
void cli_progress_end(struct cli_transfer *t);

/* accept.c: accepting despite errors of peers and of the system. */
enum cli_accept_error {
    CLI_ACCEPT_RETRY,   /* the error was that connection's */
    CLI_ACCEPT_BACKOFF, /* the system temporarily lacks a resource */
    CLI_ACCEPT_FATAL,   /* the listening socket is unusable */
};

enum cli_accept_error cli_accept_error(int64_t code);

/* Accept a connection, and try again after temporary errors. 0, or the code of a permanent
 * error. */
int cli_accept(struct csk_socket *s, struct csk_socket *conn, struct csk_addr *peer);

/* A limit on the number of concurrent threads. */
struct cli_slots;
struct cli_slots *cli_slots(size_t count);
void cli_slots_take(struct cli_slots *slots); /* waits for a free slot */
void cli_slots_free(struct cli_slots *slots);
void cli_slots_end(struct cli_slots *slots, size_t count); /* unless a thread still has one */

/* exec.c: commands with a connection as their standard input and output. */
struct cli_exec {
    char **argv; /* ends with NULL; NULL: none */
    bool shell;  /* argv[0] is a command line for sh */
};

/* Split "COMMAND ARGUMENT..." at blanks. */
char **cli_exec_split(const char *text);

/* Start the command; the process id, or -errno. */
int64_t cli_exec_start(const struct cli_exec *exec, const struct csk_socket *conn);

/* Wait until it ends; return its exit status, or 128 plus the number of the signal. */
int cli_exec_wait(int64_t pid);

#endif
