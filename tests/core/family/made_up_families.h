/* The file that src/meson.build would generate from a families.def with an additional line. */
CSKI_FAMILY(inet, AF_INET)
CSKI_FAMILY(inet6, AF_INET6)
CSKI_FAMILY(unix, AF_UNIX)
CSKI_FAMILY(made_up, 150)
