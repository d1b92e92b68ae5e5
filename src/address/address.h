/* Addresses of a known family: declarations shared by the files of src/address/. */
#ifndef CSKI_ADDRESS_H
#define CSKI_ADDRESS_H

#include "family/family.h"

/* The end of sa_family: shorter addresses have none. */
#define CSKI_ADDR_HEAD (offsetof(struct sockaddr, sa_family) + sizeof(sa_family_t))

/* pack.c.  fd is a socket to ask about interfaces, or -1. */
int cski_addr_pack(const struct csk_family *f, int fd, struct csk_addr *addr, int proto,
                   const struct csk_value *values, size_t count, struct csk_error *error);

/* unpack.c */
int cski_addr_unpack(const struct csk_family *f, int fd, const struct csk_addr *addr,
                     struct csk_value *values, char *text);

/* text.c */
int cski_addr_parse(const struct csk_family *f, struct csk_addr *addr, int proto, const char *text,
                    struct csk_error *error);
void cski_addr_format(const struct csk_family *f, const struct csk_addr *addr, char *text);
/* Whether two addresses are equal up to zeroes at the end of one: those read as they do if they are
 * missing. */
bool cski_addr_same(const struct csk_addr *a, const struct csk_addr *b);
/* bytes.c: "AF_NN 0xHEX" */
void cski_addr_format_bytes(const struct csk_addr *addr, char *text);

#endif
