"""The tests that PyPy cannot pass, each with the reason: conftest.py skips them there."""

OTHER_SOCKET = "compares with the standard library's socket, which on PyPy is another program"
NO_COUNTS = "PyPy counts neither references nor allocated blocks"
OTHER_TEXT = "the words of the error are PyPy's array or memoryview's"
RESIZED = "PyPy lets a bytearray be resized while C code uses its memory"
SLOTS = "PyPy calls an extension type's __init__ with any object, and crashes"

# The beginning of a test's name, after its folder.
TESTS = {
    "test_audit.py::test_every_call_raises_the_events": OTHER_SOCKET,
    "test_audit.py::test_an_event_that_is_refused_ends_the_call": OTHER_SOCKET,
    "test_differential.py::": OTHER_SOCKET,
    "test_import.py::test_each_name_of_the_module_is_there": OTHER_SOCKET,
    "test_import.py::test_functions_are_of_the_kind": OTHER_SOCKET,
    "test_import.py::test_the_same_modules_are_imported": OTHER_SOCKET,
    "test_batch.py::test_nothing_leaks": NO_COUNTS,
    "test_errors.py::test_nothing_is_kept_alive": NO_COUNTS,
    "test_extras.py::test_options_of_does_not_own_the_descriptor": NO_COUNTS,
    "test_interfaces.py::test_no_memory_is_lost": NO_COUNTS,
    "test_module.py::test_the_collector_visits_the_objects_of_the_module": NO_COUNTS,
    "test_buffers.py::test_a_buffer_that_is_in_use_is_not_resized": RESIZED,
    "test_buffers.py::test_a_buffer_that_is_being_sent_is_not_resized": RESIZED,
    "test_threads.py::test_interpreters_are_created_and_destroyed": "PyPy has one interpreter",
    "test_implemented_once.py::test_send_fds_with_invalid_arguments": OTHER_TEXT,
    "test_implemented_once.py::test_a_base_class_is_watched": (
        "no type can be made immutable, and what hides its __init__ is not replaced"
    ),
    "test_borrowed.py::test_a_method_works_on_other_objects[__init__-": SLOTS,
}


def reason(nodeid):
    """Why PyPy cannot pass the test, or None."""
    name = nodeid[nodeid.partition("::")[0].rfind("/") + 1 :]
    return next((why for test, why in TESTS.items() if name.startswith(test)), None)
