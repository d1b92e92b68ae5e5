/* For builds with ThreadSanitizer, facts about the C library: glibc keeps the settings of the
 * resolver of all threads in one list, under a lock that is not a mutex of pthreads. */
/* Weak, since a test may have its own. */
__attribute__((weak, visibility("default"))) const char *__tsan_default_suppressions(void);

const char *__tsan_default_suppressions(void)
{
    return "race:libc_dynarray_emplace_enlarge\n"
           "race:__resolv_conf\n";
}
