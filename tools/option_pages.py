"""The catalogue of socket options as docs/options.md and as the manual page csocket-options(7)."""
def markdown(catalogue): return ''
def manual(catalogue): return ''
