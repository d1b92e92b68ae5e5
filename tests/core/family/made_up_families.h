/* What src/meson.build would make of a families.def with one line more. */
CSKI_FAMILY(inet, AF_INET)
CSKI_FAMILY(inet6, AF_INET6)
CSKI_FAMILY(unix, AF_UNIX)
CSKI_FAMILY(made_up, 150)
