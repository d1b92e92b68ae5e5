/* AF_NFC: a connection between the two devices of nfcsim, which tests/vm/links.py brings
 * together. */
#include "family_test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LLCP = 1 };

/* Bring the two together; returns the target that the first one, device 0, sees. */
static unsigned meet(void)
{
    const char *links = getenv("CSK_LINKS");
    char command[512];
    unsigned device, target;
    FILE *output;

    if (!links)
        test_skip("CSK_LINKS is not set: no simulated devices");
    if (system("modprobe -n -q nfcsim") != 0)
        test_skip("this kernel has no nfcsim");
    snprintf(command, sizeof command, "%s nfc", links);
    output = popen(command, "r");
    assert_non_null(output);
    if (fscanf(output, "%u %u", &device, &target) != 2)
        fail_msg("%s found nothing", command);
    pclose(output);
    return target;
}

static void part(void)
{
    char command[512];

    snprintf(command, sizeof command, "%s nfc-off", getenv("CSK_LINKS"));
    assert_int_equal(system(command), 0);
}

/* Connect by the name of a service that the second device offers. */
static void a_connection_carries_messages(void)
{
    struct csk_socket listener = family_socket(AF_NFC, SOCK_STREAM, LLCP), client;
    struct csk_addr to;
    char text[128];

    snprintf(text, sizeof text, "0,%u,5,1,0,75726e3a6e66633a736e3a637363", meet());
    family_bind(&listener, "1,0,5,0,0,75726e3a6e66633a736e3a637363"); /* urn:nfc:sn:csc */
    client = family_socket(AF_NFC, SOCK_STREAM, LLCP);
    to = family_address(AF_NFC, LLCP, text);
    family_exchange_over_stream(&listener, &client, &to);
    csk_close(&client);
    csk_close(&listener);
    part();
}

/* The raw protocol addresses a tag by its number at the device; the other device is not a tag. */
static void a_missing_device_is_refused(void)
{
    struct csk_socket s = family_socket(AF_NFC, SOCK_SEQPACKET, 0);
    struct csk_addr addr = family_address(AF_NFC, 0, "99,0,1");

    assert_int_equal(csk_connect(&s, &addr, NULL), -ENODEV);
    csk_close(&s);
}

TESTS(TEST(a_connection_carries_messages), TEST(a_missing_device_is_refused))
