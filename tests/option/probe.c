/* Compare every option, in each of its directions, with the catalogue on the running kernel.
 *
 *     probe [-v] [--tap] [NAME...]
 *
 * In a new network namespace, each option is tried on the sockets to which it applies. Checks the
 * length of the value read, that its text is parsed into the same bytes, that a legal value is read
 * back after a set, and that a direction not in the catalogue is refused.  One line per option on
 * stdout:
 *
 *     NAME  LEVEL  verified | needs hardware or privilege | not in this kernel | WRONG  REASON
 *
 * The exit status is 1 if a line is WRONG: the kernel contradicts the catalogue.  With --tap each
 * level is a test, and the lines are on stderr. */
#include "probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum verdict { NOT_HERE, NEEDS_MORE, VERIFIED, WRONG };

static const char *const verdicts[] = {
    [NOT_HERE] = "not in this kernel",
    [NEEDS_MORE] = "needs hardware or privilege",
    [VERIFIED] = "verified",
    [WRONG] = "WRONG",
};

struct result {
    enum verdict verdict;
    char text[400];
};

static bool verbose;
static int outside = -1, inside = -1; /* network namespaces: the first one, our own */

__attribute__((format(printf, 3, 4))) static void say(struct result *r, enum verdict verdict,
                                                      const char *format, ...)
{
    va_list arguments;

    r->verdict = verdict;
    va_start(arguments, format);
    vsnprintf(r->text, sizeof r->text, format, arguments);
    va_end(arguments);
}

/* The kernel's errors if it lacks the option, or does not support it for such a socket. */
static bool is_unknown(int code)
{
    return code == -ENOPROTOOPT || code == -EOPNOTSUPP || code == -ENOSYS;
}

static const char *code_name(int code)
{
    const char *name = csk_error_name(code);

    return name ? name : "?";
}

/* Reading */

/* The length is that of the catalogue, and no byte is written beyond the length that the kernel
 * returned. */
static bool check_length(const struct csk_option *option, const void *bytes, size_t count,
                         struct result *r)
{
    const struct csk_layout *layout = csk_layout_select(csk_option_layout(option, CSK_OPTION_GET),
                                                        bytes, count);
    bool open = csk_layout_field_count(layout) > 0 &&
                (csk_field_flags(csk_layout_field(layout, csk_layout_field_count(layout) - 1)) &
                 (CSK_FIELD_FLAG_TAIL | CSK_FIELD_FLAG_VARIABLE));

    if (csk_option_flags(option) & CSK_OPTION_GET_LIST) {
        size_t at = 0, span;

        while ((span = csk_layout_span(csk_option_layout(option, CSK_OPTION_GET),
                                       (const char *)bytes + at, count - at)) > 0)
            at += span;
        if (csk_layout_size(layout) > 0 && at != count)
            say(r, WRONG, "get: %zu of %zu bytes are values", at, count);
    } else if (count < csk_layout_min_size(layout) || (!open && count > csk_layout_size(layout))) {
        say(r, WRONG, "get: %zu bytes, not %zu", count, csk_layout_size(layout));
    }
    return r->verdict != WRONG;
}

/* Formatting the value read, parsing the text and formatting again must give the same text. */
static bool check_text(const struct csk_option *option, const void *bytes, size_t count,
                       struct result *r)
{
    static char text[65536], again[65536];
    unsigned char made[CSK_OPTION_SIZE];
    struct csk_error error = { 0, "" };
    int n = csk_option_format(option, CSK_OPTION_GET, bytes, count, text, sizeof text);

    if (n < 0 || n >= (int)sizeof text) {
        say(r, WRONG, "get: no text (%s)", code_name(n));
        return false;
    }
    if (csk_option_layout(option, CSK_OPTION_SET) != csk_option_layout(option, CSK_OPTION_GET) ||
        (csk_option_flags(option) & (CSK_OPTION_INPUT | CSK_OPTION_ASYMMETRIC)))
        return true;
    n = csk_option_parse(option, CSK_OPTION_SET, text, made, sizeof made, &error);
    if (n < 0) {
        /* A value that may be empty when read need not be valid for a set. */
        if (count > 0)
            say(r, WRONG, "\"%.100s\" is not read back: %.200s", text, error.text);
        return count == 0;
    }
    csk_option_format(option, CSK_OPTION_SET, made, (size_t)n, again, sizeof again);
    if (strcmp(text, again) != 0)
        say(r, WRONG, "\"%.100s\" becomes \"%.100s\"", text, again);
    return r->verdict != WRONG;
}

/* The input of an option that cannot be read without it. */
static int fill_input(const struct csk_option *option, unsigned char *bytes, size_t *count)
{
    const char *sample = sample_of(option);
    int n;

    *count = 0;
    if (!(csk_option_flags(option) & CSK_OPTION_INPUT) || !sample ||
        !csk_option_layout(option, CSK_OPTION_SET))
        return 0;
    n = csk_option_parse(option, CSK_OPTION_SET, sample, bytes, CSK_OPTION_SIZE, NULL);
    if (n > 0)
        *count = (size_t)n < csk_layout_size(csk_option_layout(option, CSK_OPTION_GET))
                     ? (size_t)n
                     : csk_layout_size(csk_option_layout(option, CSK_OPTION_GET));
    return n;
}

static int try_get(struct csk_socket *s, const struct csk_option *option, struct result *r)
{
    unsigned char bytes[CSK_OPTION_SIZE + 64];
    struct csk_error error = { 0, "" };
    char text[4096];
    size_t count, i;
    int n;

    if ((csk_option_flags(option) & CSK_OPTION_INPUT) &&
        !csk_option_layout(option, CSK_OPTION_SET) && sample_of(option) != NULL) {
        n = csk_option_query(s, csk_option_name(option), sample_of(option), text, sizeof text,
                             NULL);
        return n < 0 ? n : 0;
    }
    fill_input(option, bytes, &count);
    memset(bytes + CSK_OPTION_SIZE, 0x5a, 64);
    n = csk_option_get_bytes(s, option, bytes, CSK_OPTION_SIZE, &count, &error);
    for (i = 0; i < 64; i++) {
        if (bytes[CSK_OPTION_SIZE + i] != 0x5a)
            say(r, WRONG, "get: bytes beyond the room were changed");
    }
    if (n < 0 || r->verdict == WRONG)
        return n;
    if (check_length(option, bytes, count, r))
        check_text(option, bytes, count, r);
    if (csk_option_flags(option) & CSK_OPTION_NEW_FD)
        close(*(int *)bytes);
    return 0;
}

/* Setting */

/* Format a legal value other than the present one; returns false if none can be made. */
static bool other_value(const struct csk_option *option, const char *now, char *text, size_t size)
{
    const struct csk_field *f = csk_layout_field(csk_option_layout(option, CSK_OPTION_SET), 0);
    const char *first = csk_field_value_name(f, 0, NULL),
               *second = csk_field_value_name(f, 1, NULL);
    int64_t low = 0, high = 1000000;
    long long present = strtoll(now, NULL, 10), next = present + 1;

    csk_field_range(f, &low, &high);
    if ((csk_option_flags(option) & CSK_OPTION_LIST) || csk_field_name(f)[0] != '\0')
        return false;
    if (csk_field_kind(f) == CSK_FIELD_BOOL) {
        snprintf(text, size, "%s", strcmp(now, "on") == 0 ? "off" : "on");
        return true;
    }
    if (second) {
        snprintf(text, size, "%s", strcmp(now, first) == 0 ? second : first);
        return true;
    }
    if (csk_field_kind(f) == CSK_FIELD_TIMEVAL) {
        snprintf(text, size, "%s", strcmp(now, "2s") == 0 ? "4s" : "2s");
        return true;
    }
    if (csk_field_kind(f) == CSK_FIELD_IFINDEX) {
        snprintf(text, size, "lo");
        return true;
    }
    if (csk_field_kind(f) != CSK_FIELD_INT && csk_field_kind(f) != CSK_FIELD_UINT &&
        csk_field_kind(f) != CSK_FIELD_TIME)
        return false;
    if (next > high || next < low)
        next = high > low ? low + 1 : low;
    snprintf(text, size, "%lld", next);
    return true;
}

static bool remarks_say(const struct csk_option *option, const char *words)
{
    const char *remarks = csk_option_note(option, CSK_OPTION_NOTE_REMARKS);

    return remarks && strstr(remarks, words);
}

/* Return whether the value that the kernel returns after a set is plausible. */
static bool reads_back(struct csk_socket *s, const struct csk_option *option, const char *value,
                       struct result *r)
{
    static const unsigned no_state = CSK_OPTION_ADJUSTS | CSK_OPTION_ASYMMETRIC |
                                     CSK_OPTION_ACTION | CSK_OPTION_INPUT | CSK_OPTION_CLEARS;
    unsigned char bytes[CSK_OPTION_SIZE];
    char wanted[2048], found[2048];
    int n;

    if (!csk_option_layout(option, CSK_OPTION_GET) || (csk_option_flags(option) & no_state) ||
        remarks_say(option, "ignored") || remarks_say(option, "at any time"))
        return true;
    if (csk_option_get(s, csk_option_name(option), found, sizeof found, NULL) < 0)
        return true;
    n = csk_option_parse(option, CSK_OPTION_SET, value, bytes, sizeof bytes, NULL);
    csk_option_format(option, CSK_OPTION_SET, bytes, (size_t)(n > 0 ? n : 0), wanted,
                      sizeof wanted);
    if (strcmp(wanted, found) != 0)
        say(r, WRONG, "set \"%.100s\", but \"%.100s\" is read", wanted, found);
    return r->verdict != WRONG;
}

/* If no value is harmless, return the kernel's error for an empty value. -ENODATA: it supports the
 * option. */
static int is_known(struct csk_socket *s, const struct csk_option *option)
{
    int n = csk_setsockopt(s, csk_option_level(option), csk_option_number(option), NULL, 0);

    return is_unknown(n) || n == -EPERM || n == -EACCES ? n : -ENODATA;
}

static int try_set(struct csk_socket *s, const struct csk_option *option, struct result *r)
{
    char now[2048] = "", other[128];
    const char *sample = sample_of(option);
    struct csk_error error = { 0, "" };
    unsigned char bytes[CSK_OPTION_SIZE];
    int n;

    if (csk_option_layout(option, CSK_OPTION_GET) != NULL)
        csk_option_get(s, csk_option_name(option), now, sizeof now, NULL);
    if (!sample && csk_layout_field_count(csk_option_layout(option, CSK_OPTION_SET)) == 0)
        sample = "";
    if (!sample) {
        if (other_value(option, now, other, sizeof other))
            sample = other;
        else if (now[0] != '\0' && !(csk_option_flags(option) & CSK_OPTION_ASYMMETRIC))
            sample = now;
    }
    if (!sample)
        return is_known(s, option);
    n = csk_option_parse(option, CSK_OPTION_SET, sample, bytes, sizeof bytes, &error);
    if (n < 0) {
        say(r, WRONG, "no legal value \"%.100s\": %.200s", sample, error.text);
        return 0;
    }
    n = csk_option_set_bytes(s, option, bytes, (size_t)n, &error);
    if (n == 0 && verbose)
        fprintf(stderr, "  %s = \"%s\"\n", csk_option_name(option), sample);
    if (n == 0)
        reads_back(s, option, sample, r);
    return n;
}

/* A direction not in the catalogue must be refused; another option may have the same number. */
static bool check_denied(struct csk_socket *s, const struct csk_option *option, struct result *r)
{
    unsigned char bytes[256] = { 0 };
    socklen_t size = sizeof bytes;
    int n;

    if (!csk_option_layout(option, CSK_OPTION_SET) && !remarks_say(option, "accepts any number") &&
        !csk_option_by_number(s->family, csk_option_level(option), csk_option_number(option),
                              CSK_OPTION_SET)) {
        n = csk_setsockopt(s, csk_option_level(option), csk_option_number(option), bytes, 4);
        if (n >= 0)
            say(r, WRONG, "set: the kernel takes it");
    }
    if (!csk_option_layout(option, CSK_OPTION_GET) &&
        !csk_option_by_number(s->family, csk_option_level(option), csk_option_number(option),
                              CSK_OPTION_GET)) {
        n = csk_getsockopt(s, csk_option_level(option), csk_option_number(option), bytes, &size);
        if (n >= 0)
            say(r, WRONG, "get: the kernel has it");
    }
    return r->verdict != WRONG;
}

/* The results of the situations, the best for each direction. */
struct outcome {
    int got, set;
    const char *got_where, *set_where;
    bool tried, there; /* on a socket; set is not tried, but the kernel knows it */
};

/* The more informative code is better: success, then the errors of an existing option. */
static bool is_better(int code, int than)
{
    if (than == 0 || than == code)
        return false;
    return code == 0 || than == -ENODATA || (is_unknown(than) && !is_unknown(code));
}

/* Some families (Bluetooth, amateur radio) exist only in the first network namespace.  There only a
 * fresh socket is used: not connected, and with only its own options set. */
static bool open_outside(const struct situation *where, struct csk_socket *s)
{
    int n = -ENOSYS;

    if (!where->prepare && outside >= 0 && setns(outside, CLONE_NEWNET) == 0) {
        n = open_situation(where, s);
        if (setns(inside, CLONE_NEWNET) < 0)
            abort();
    }
    return n == 0;
}

static void try_situation(const struct situation *where, const struct csk_option *option,
                          struct outcome *best, struct result *r)
{
    struct csk_socket s;
    int got = -ENODATA, set = -ENODATA;

    if (!csk_option_fits(option, where->family, where->type, where->proto) ||
        (open_situation(where, &s) < 0 && !open_outside(where, &s)))
        return;
    best->tried = true;
    if (csk_option_layout(option, CSK_OPTION_GET) != NULL)
        got = try_get(&s, option, r);
    if (r->verdict != WRONG && csk_option_layout(option, CSK_OPTION_SET) != NULL)
        set = try_set(&s, option, r);
    best->there |= csk_option_layout(option, CSK_OPTION_SET) != NULL && set == -ENODATA;
    if (r->verdict != WRONG && (got == 0 || set == 0))
        check_denied(&s, option, r);
    if (is_better(got, best->got)) {
        best->got = got;
        best->got_where = where->name;
    }
    if (is_better(set, best->set)) {
        best->set = set;
        best->set_where = where->name;
    }
    if (r->verdict == WRONG)
        snprintf(r->text + strlen(r->text), sizeof r->text - strlen(r->text), " on %s",
                 where->name);
    close_situation(&s);
}

/* "get on tcp, set EPERM on udp" */
static void describe(const struct csk_option *option, const struct outcome *best, char *text,
                     size_t size)
{
    size_t n = 0;

    text[0] = '\0';
    if (csk_option_layout(option, CSK_OPTION_GET) != NULL)
        n = (size_t)snprintf(text, size, "get%s%s on %s", best->got ? " " : "",
                             best->got ? code_name(best->got) : "", best->got_where);
    if (best->there)
        snprintf(text + n, size - n, "%sset not tried, no value is harmless", n ? ", " : "");
    else if (csk_option_layout(option, CSK_OPTION_SET) != NULL)
        snprintf(text + n, size - n, "%sset%s%s on %s", n ? ", " : "", best->set ? " " : "",
                 best->set ? code_name(best->set) : "", best->set_where);
}

static void judge(const struct csk_option *option, const struct outcome *best, struct result *r)
{
    bool get = !csk_option_layout(option, CSK_OPTION_GET) || best->got == 0,
         set = !csk_option_layout(option, CSK_OPTION_SET) || best->set == 0;
    bool some = (csk_option_layout(option, CSK_OPTION_GET) != NULL && best->got == 0) ||
                (csk_option_layout(option, CSK_OPTION_SET) != NULL && best->set == 0);
    bool missing = csk_option_flags(option) & CSK_OPTION_UNIMPLEMENTED;
    char text[200];

    describe(option, best, text, sizeof text);
    if (missing && some)
        say(r, WRONG, "%s, but the catalogue says that no kernel has code for it", text);
    else if (missing)
        say(r, VERIFIED, "not there, as the catalogue says");
    else if (get && set)
        say(r, VERIFIED, "%s", text);
    else if (set && remarks_say(option, "older kernels can only set it"))
        say(r, VERIFIED, "%s, as the catalogue says of older kernels", text);
    else if (some && (best->got == -ENOPROTOOPT || best->set == -ENOPROTOOPT))
        say(r, WRONG, "%s: only one direction is there", text);
    else if (some || best->there ||
             (csk_option_layout(option, CSK_OPTION_GET) != NULL && !is_unknown(best->got) &&
              best->got != -ENODATA) ||
             (csk_option_layout(option, CSK_OPTION_SET) != NULL && !is_unknown(best->set) &&
              best->set != -ENODATA))
        say(r, NEEDS_MORE, "%s", text);
    else
        say(r, NOT_HERE, "%s", text);
}

static void try_option(const struct csk_option *option, struct result *r)
{
    struct outcome best = { -ENODATA, -ENODATA, "-", "-", false, false };
    size_t i;

    say(r, NOT_HERE, "no such socket");
    for (i = 0; i < situation_count && r->verdict != WRONG; i++) {
        bool done = (!csk_option_layout(option, CSK_OPTION_GET) || best.got == 0) &&
                    (!csk_option_layout(option, CSK_OPTION_SET) || best.set == 0);

        if (!done)
            try_situation(&situations[i], option, &best, r);
    }
    if (r->verdict != WRONG && best.tried)
        judge(option, &best, r);
}

/* 2001:db8::1/64 on the loopback interface: anycast addresses require a prefix. */
static void add_address(void)
{
    struct {
        struct in6_addr address;
        uint32_t length;
        int index;
    } request = { .length = 64, .index = (int)if_nametoindex("lo") };
    int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return;
    inet_pton(AF_INET6, "2001:db8::1", &request.address);
    if (ioctl(fd, SIOCSIFADDR, &request) < 0)
        perror("address of lo");
    close(fd);
}

/* Enter a new network namespace with a loopback interface that is up. */
static bool leave_network(void)
{
    struct ifreq request = { .ifr_name = "lo" };
    FILE *map;
    int fd;
    uid_t uid = getuid();

    outside = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    if (unshare(CLONE_NEWNET) < 0) {
        if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
            return false;
        map = fopen("/proc/self/uid_map", "w");
        if (map != NULL) {
            fprintf(map, "0 %u 1\n", uid);
            fclose(map);
        }
    }
    inside = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    request.ifr_flags = IFF_UP;
    if (ioctl(fd, SIOCSIFFLAGS, &request) < 0)
        perror("lo up");
    close(fd);
    add_address();
    return true;
}

static bool is_wanted(const char *name, int argc, char **argv)
{
    int i;

    for (i = 0; i < argc; i++) {
        if (strcmp(argv[i], name) == 0)
            return true;
    }
    return argc == 0;
}

/* Counts by verdict. */
struct counts {
    unsigned of[4];
};

/* Report a level as a test: it fails if an option is WRONG, and is skipped if none could be
 * verified. */
static void print_level(unsigned number, const char *level, const struct counts *c)
{
    printf("%sok %u - %s: %u verified, %u need hardware or privilege, %u not in this kernel%s\n",
           c->of[WRONG] > 0 ? "not " : "", number, level, c->of[VERIFIED], c->of[NEEDS_MORE],
           c->of[NOT_HERE],
           c->of[VERIFIED] + c->of[WRONG] > 0 ? "" : " # SKIP this kernel has no such socket");
}

static void print_option(bool tap, const struct csk_option *option, const struct result *r)
{
    fprintf(tap ? stderr : stdout, "%s\t%s\t%s\t%s\n", csk_option_name(option),
            csk_option_note(option, CSK_OPTION_NOTE_LEVEL), verdicts[r->verdict], r->text);
    if (tap && r->verdict == WRONG)
        printf("# %s: %s\n", csk_option_name(option), r->text);
}

static int run(bool tap, int argc, char **argv)
{
    struct counts all = { { 0 } }, level = { { 0 } };
    const struct csk_option *option, *last = NULL;
    unsigned number = 0;
    struct result r;
    size_t i;

    for (i = 0; (option = csk_option_at(i)) != NULL; i++) {
        if (csk_option_note(option, CSK_OPTION_NOTE_ALIAS) != NULL ||
            (csk_option_flags(option) & CSK_OPTION_UNAVAILABLE) ||
            !is_wanted(csk_option_name(option), argc, argv))
            continue;
        if (tap && last != NULL &&
            strcmp(csk_option_note(last, CSK_OPTION_NOTE_LEVEL),
                   csk_option_note(option, CSK_OPTION_NOTE_LEVEL)) != 0) {
            print_level(++number, csk_option_note(last, CSK_OPTION_NOTE_LEVEL), &level);
            level = (struct counts){ { 0 } };
        }
        last = option;
        try_option(option, &r);
        level.of[r.verdict]++;
        all.of[r.verdict]++;
        print_option(tap, option, &r);
    }
    if (tap && last != NULL)
        print_level(++number, csk_option_note(last, CSK_OPTION_NOTE_LEVEL), &level);
    if (tap)
        printf("1..%u\n", number);
    printf("# %u verified, %u need hardware or privilege, %u not in this kernel, %u wrong\n",
           all.of[VERIFIED], all.of[NEEDS_MORE], all.of[NOT_HERE], all.of[WRONG]);
    return all.of[WRONG] > 0;
}

int main(int argc, char **argv)
{
    bool tap = false;

    for (argc--, argv++; argc > 0 && argv[0][0] == '-'; argc--, argv++) {
        tap |= strcmp(argv[0], "--tap") == 0;
        verbose |= strcmp(argv[0], "-v") == 0;
    }
    if (!leave_network()) {
        printf("1..0 # SKIP needs root, for a network namespace of its own: %s\n", strerror(errno));
        return tap ? 0 : 77;
    }
    return run(tap, argc, argv);
}
