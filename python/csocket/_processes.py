"""Make multiprocessing transfer csocket's sockets, and install csocket in child processes."""

import sys

REDUCTION = "multiprocessing.reduction"
UTIL = "multiprocessing.util"
INSTALL = "import csocket; csocket.install(); "


def _rebuild(descriptor, family, type, proto, timeout):
    # No bytecode runs between the two calls: a signal handler's exception loses no descriptor.
    make, detached = sys.modules["csocket"].socket, iter(descriptor.detach, None)
    sock = next(map(make, (family,), (type,), (proto,), detached))
    sock.settimeout(timeout)
    return sock


def _reduce(sock):
    descriptor = sys.modules[REDUCTION].DupFd(sock.fileno())
    return _rebuild, (descriptor, sock.family, sock.type, sock.proto, sock.gettimeout())


def _is_installed():
    return sys.modules.get("socket") is sys.modules["csocket"]


def _with_install(arguments):
    """Return the command line "python ... -c code ..." of a child, with csocket installed first."""
    arguments = list(arguments)
    if "-c" in arguments[:-1] and _is_installed():
        at = arguments.index("-c") + 1
        code = arguments[at]
        if isinstance(code, str) and not code.startswith(INSTALL):
            arguments[at] = INSTALL + code
    return arguments


def _wrap_util():
    """Install csocket in the children of spawn, forkserver and the resource tracker as well."""
    util = sys.modules[UTIL]
    spawn = util.spawnv_passfds

    def spawnv_passfds(path, args, passfds):
        return spawn(path, _with_install(args), passfds)

    util.spawnv_passfds = spawnv_passfds


def register(name):
    """Register csocket with an imported module of multiprocessing, or with ssl."""
    if name == "ssl":
        if _is_installed():
            from ._tls import register as register_tls

            register_tls(sys.modules[name])
    elif name == UTIL:
        _wrap_util()
    else:
        sys.modules[name].register(sys.modules["csocket._socket"]._Socket, _reduce)


def find(finder, name, path, target):
    """Return the spec of such a module, as found by the other finders."""
    for each in sys.meta_path:
        find_spec = getattr(each, "find_spec", None)
        spec = find_spec(name, path, target) if find_spec and each is not finder else None
        if spec is not None:
            _register_afterwards(spec.loader, name)
            return spec
    return None


def _register_afterwards(loader, name):
    execute = loader.exec_module

    def exec_module(module):
        execute(module)
        register(name)

    # A loader shared by many modules is a class, which must not be changed.
    if not isinstance(loader, type):
        loader.exec_module = exec_module
