"""The objects that the extension module owns and reports to the garbage collector."""

import gc

import csocket
from csocket import _socket


def owned():
    """The objects that the module keeps for internal use."""
    with csocket.socket() as sock:
        views = type(sock.options)
    classes = [_socket.socket, csocket.socket, csocket.SocketIO, csocket.ifaddr, views]
    exceptions = [csocket.herror, csocket.gaierror, csocket.timeout, csocket.Cancelled]
    others = [vars(csocket), csocket._GiveupOnSendfile, csocket.io]
    # Members with larger numbers are looked up in the enum.
    enums = [csocket.AddressFamily, csocket.SocketKind]
    members = [member for enum in enums for member in enum if member < 64]
    return [*classes, *exceptions, *others, *enums, *members]


def test_the_collector_visits_the_objects_of_the_module():
    things = owned()
    references = [id(thing) for thing in gc.get_referents(_socket)]
    for thing in things:
        assert id(thing) in references, thing
