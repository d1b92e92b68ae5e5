/* Declarations shared by csocket listen and csocket relay: opening the listening socket, serving
 * peers. */
#ifndef CSOCKET_CLI_SERVER_H
#define CSOCKET_CLI_SERVER_H

#include "connect/connect.h"

struct cli_server {
    struct cli_kind kind;
    struct cli_settings settings;
    struct cli_transfer transfer;
    struct csk_server_options options;
    struct cli_endpoint endpoint;
    struct cli_exec exec;
    const char *words[2];
    const char *inherit; /* "" or the name of an inherited socket; NULL: open one */
    int64_t timeout;     /* negative: none */
    int64_t max_connections;
    struct cli_slots *slots;
    atomic_uint dumped; /* connections without an address */
    bool keep_open, echo, quiet;
};

/* The value of transfer.idle before the command line is parsed. */
#define CLI_IDLE_DEFAULT INT64_MIN

/* The options of listening, and their parser; the input is the struct. */
extern const struct cli_arg cli_server_args[];
void cli_server_parse(struct cli_state *state, int key, const char *value, void *server);

/* Open, bind and listen, or use the inherited socket.  Returns CLI_OK, or another status after an
 * error message. */
int cli_server_open(struct cli_server *server, struct csk_socket *s);

/* Serve connections, each by this function: CLI_OK, or a status; *output_closed ends the
 * command. */
typedef int cli_serve_fn(struct cli_server *server, struct csk_socket *conn, bool *output_closed);

/* Accept one connection, or many.  With concurrent, each is served in a separate thread. */
int cli_serve(struct cli_server *server, struct csk_socket *s, cli_serve_fn *serve,
              bool concurrent);

/* Print the listening address, and the peers that connect. */
void cli_server_notice(const struct cli_server *server, const char *what,
                       const struct csk_addr *addr);

/* What tells a connection's lines of a dump from others': the peer's address, or "#1", "#2" if it
 * has none.  NULL if there is only one connection, or no dump. */
const char *cli_server_peer(struct cli_server *server, const struct csk_socket *conn,
                            char room[CSK_ADDR_TEXT_MAX]);

/* The same for a sender of datagrams. */
const char *cli_sender(const struct csk_addr *addr, char room[CSK_ADDR_TEXT_MAX]);

/* datagram.c: receive datagrams, and reply. */
int cli_serve_datagrams(struct cli_server *server, struct csk_socket *s);

/* target.c: where csocket relay connects to. */
struct cli_target {
    struct cli_endpoint endpoint;
    struct cli_settings settings; /* of the outgoing sockets */
    int64_t timeout;              /* of connecting, the lookup of the name included */
};

/* Connect a socket, of this type unless the address has one.  CLI_OK, or CLI_FAILED after an error
 * message. */
int cli_target_connect(const struct cli_target *target, int type, struct csk_socket *s);

/* datagram_relay.c: pass datagrams on to the target, and its replies back to their senders. */
int cli_relay_datagrams(struct cli_server *server, struct csk_socket *s,
                        const struct cli_target *target);

#endif
