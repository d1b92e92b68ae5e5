"""multiprocessing takes csocket's sockets to other processes, as it does the standard library's."""

import sys

REDUCTION = "multiprocessing.reduction"


def _rebuild(descriptor, family, type, proto, timeout):
    sock = sys.modules["csocket"].socket(family, type, proto, descriptor.detach())
    sock.settimeout(timeout)
    return sock


def _reduce(sock):
    descriptor = sys.modules[REDUCTION].DupFd(sock.fileno())
    return _rebuild, (descriptor, sock.family, sock.type, sock.proto, sock.gettimeout())


def register():
    """Tell multiprocessing.reduction, which has been imported, what to do with a socket."""
    sys.modules[REDUCTION].register(sys.modules["csocket._socket"]._Socket, _reduce)


def find(finder, path, target):
    """The spec of multiprocessing.reduction as others than this finder find it."""
    for each in sys.meta_path:
        find_spec = getattr(each, "find_spec", None)
        spec = find_spec(REDUCTION, path, target) if find_spec and each is not finder else None
        if spec is not None:
            _register_afterwards(spec.loader)
            return spec
    return None


def _register_afterwards(loader):
    execute = loader.exec_module

    def exec_module(module):
        execute(module)
        register()

    # A loader that is shared by many modules is a class, and not for us to change.
    if not isinstance(loader, type):
        loader.exec_module = exec_module
