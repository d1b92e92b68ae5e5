/* The functions that fill the module: module.c calls them in its order. 0, or -1 with an
 * exception. */
#ifndef CSP_SETUP_H
#define CSP_SETUP_H

struct csp_state;

int csp_error_setup(struct csp_state *state);      /* error.c: herror, gaierror, timeout */
int csp_constants_setup(struct csp_state *state);  /* constants.c */
int csp_enums_setup(struct csp_state *state);      /* enums.c */
int csp_scope_setup(struct csp_state *state);      /* scope.c: CancelScope */
int csp_type_setup(struct csp_state *state);       /* socket/type.c: _socket.socket */
int csp_connect_setup(struct csp_state *state);    /* socket/connect.c: bind, connect, accept ... */
int csp_io_setup(struct csp_state *state);         /* socket/io.c: recv ..., send ... */
int csp_msg_setup(struct csp_state *state);        /* socket/msg.c: recvmsg, sendmsg ... */
int csp_exact_setup(struct csp_state *state);      /* socket/exact.c: recv_exactly ... */
int csp_fds_setup(struct csp_state *state);        /* socket/fds.c: recv_fds */
int csp_sockopt_setup(struct csp_state *state);    /* socket/sockopt.c */
int csp_zerocopy_setup(struct csp_state *state);   /* socket/zerocopy.c: send_zerocopy */
int csp_batch_setup(struct csp_state *state);      /* socket/batch.c: recv_many ... */
int csp_batch_send_setup(struct csp_state *state); /* socket/batch_send.c: send_many */
int csp_control_setup(struct csp_state *state);    /* option/control.c: recv_message ... */
int csp_errors_setup(struct csp_state *state);     /* option/errors.c: errors, enable_timestamps */
int csp_method_setup(struct csp_state *state);     /* socket/method.c: borrowable methods */
int csp_package_setup(struct csp_state *state);    /* socket/package.c: socket.socket */
int csp_file_setup(struct csp_state *state);       /* socket/file.c: SocketIO */
int csp_makefile_setup(struct csp_state *state);   /* socket/makefile.c */
int csp_sendfile_setup(struct csp_state *state);   /* socket/sendfile.c */
int csp_splice_setup(struct csp_state *state);     /* socket/splice.c: splice, splice_from */
int csp_tls_setup(struct csp_state *state);        /* socket/tls.c: TLS with limits */
int csp_resolver_setup(struct csp_state *state);   /* names/resolver.c */
int csp_netfuncs_setup(struct csp_state *state);   /* names/netfuncs.c */
int csp_hosts_setup(struct csp_state *state);      /* names/hosts.c */
int csp_interfaces_setup(struct csp_state *state); /* names/interfaces.c */
int csp_replaced_setup(struct csp_state *state);   /* names/replaced.c */
int csp_server_setup(struct csp_state *state);     /* names/server.c: create_server */
int csp_create_connection_setup(struct csp_state *state); /* names/connect.c: create_connection */
int csp_option_types_setup(struct csp_state *state);      /* option/structs.c: named tuples */
int csp_options_setup(struct csp_state *state);           /* option/options.c: sock.options */
int csp_catalogue_setup(struct csp_state *state);         /* option/catalogue.c: csocket.options */

#endif
