"""multiprocessing takes csocket's sockets to other processes, and csocket to those it starts."""

import sys

REDUCTION = "multiprocessing.reduction"
UTIL = "multiprocessing.util"
INSTALL = "import csocket; csocket.install(); "


def _rebuild(descriptor, family, type, proto, timeout):
    sock = sys.modules["csocket"].socket(family, type, proto, descriptor.detach())
    sock.settimeout(timeout)
    return sock


def _reduce(sock):
    descriptor = sys.modules[REDUCTION].DupFd(sock.fileno())
    return _rebuild, (descriptor, sock.family, sock.type, sock.proto, sock.gettimeout())


def _is_installed():
    return sys.modules.get("socket") is sys.modules["csocket"]


def _with_install(arguments):
    """The command line of a child, "python ... -c code ...", whose code installs csocket first."""
    arguments = list(arguments)
    if "-c" in arguments[:-1] and _is_installed():
        at = arguments.index("-c") + 1
        code = arguments[at]
        if isinstance(code, str) and not code.startswith(INSTALL):
            arguments[at] = INSTALL + code
    return arguments


def _wrap_util():
    """Let the children of spawn, forkserver and the resource tracker run on csocket as well."""
    util = sys.modules[UTIL]
    spawn = util.spawnv_passfds

    def spawnv_passfds(path, args, passfds):
        return spawn(path, _with_install(args), passfds)

    util.spawnv_passfds = spawnv_passfds


def register(name):
    """Tell a module of multiprocessing, or ssl, which has been imported, about csocket."""
    if name == "ssl":
        if _is_installed():
            from ._tls import register as register_tls

            register_tls(sys.modules[name])
    elif name == UTIL:
        _wrap_util()
    else:
        sys.modules[name].register(sys.modules["csocket._socket"]._Socket, _reduce)


def find(finder, name, path, target):
    """The spec of one of those modules as others than this finder find it."""
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

    # A loader that is shared by many modules is a class, and not for us to change.
    if not isinstance(loader, type):
        loader.exec_module = exec_module
