/* For builds with ThreadSanitizer: glibc keeps the resolver settings of all threads in one list,
 * protected by a lock that is not a pthread mutex. */
/* Weak because a test may define its own. */
__attribute__((weak, visibility("default"))) const char *__tsan_default_suppressions(void);

const char *__tsan_default_suppressions(void)
{
    return "race:libc_dynarray_emplace_enlarge\n"
           "race:__resolv_conf\n";
}
