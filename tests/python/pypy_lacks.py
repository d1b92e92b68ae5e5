"""The tests that PyPy cannot pass, each with the reason: conftest.py skips them there."""

OTHER_SOCKET = "compares with the standard library's socket, which on PyPy is another program"
NO_COUNTS = "PyPy counts neither references nor allocated blocks"
OTHER_TEXT = "the words of the error are PyPy's array or memoryview's"
NO_FINAL = "PyPy lets classes derive from any extension type"
ANY_PICKLE = "PyPy's pickle takes an object of an extension type, and loses what is in its struct"
NO_SOURCE = "PyPy reports no ResourceWarning without the object, and none that is an error"
NO_TEXT = "PyPy shows neither documentation nor signatures of the methods of extension types"
HAS_DICT = "PyPy's objects of extension types take any attribute"
COLLECTED_LATER = "PyPy collects an object some time after its last use"
OTHER_WORDS = "the words of the error are those of PyPy's calls"
RESIZED = "PyPy lets a bytearray be resized while C code uses its memory"
NOT_SEEN = "PyPy's profile functions see no functions of C extensions"
NAMELESS = "PyPy's methods of extension types have no qualified names and cannot be pickled"
NO_TIME = "collecting PyPy's garbage after each of thousands of calls takes minutes"
SLOTS = "PyPy calls an extension type's __init__ with any object, and crashes"

NO_THREADS = "PyPy does not list its threads, of which another could need the connection"

NO_TESTCAPI = "_testcapi, whose functions make allocations fail and count, is CPython's"

# Test files that cannot be imported.
FILES = {
    "test_arguments.py": NO_TEXT,
    "test_ownership.py": NO_TESTCAPI,
    "test_shortage.py": NO_TESTCAPI,
}

# Prefixes of test names, without the folder.
TESTS = {
    "test_audit.py::test_every_call_raises_the_events": OTHER_SOCKET,
    "test_audit.py::test_an_event_that_is_refused_ends_the_call": OTHER_SOCKET,
    "test_differential.py::": OTHER_SOCKET,
    "test_import.py::test_each_name_of_the_module_is_there": OTHER_SOCKET,
    "test_import.py::test_functions_in_python_are_functions": OTHER_SOCKET,
    "test_import.py::test_the_same_modules_are_imported": OTHER_SOCKET,
    "test_create_connection.py::test_an_exception_between_two_calls_leaves": NOT_SEEN,
    "test_borrowed.py::test_a_method_looks_like_one[": NAMELESS,
    "test_handlers.py::test_a_handler_that_raises_anywhere_loses_no_descriptor": NO_TIME,
    "test_hostile.py::test_keywords_must_be_strings": OTHER_WORDS,
    "test_splice.py::test_wrong_arguments[args3-ValueError--1]": OTHER_WORDS,
    "test_specification.py::test_statement[Socket objects: recvmsg: descriptors are closed if": (
        NO_TESTCAPI
    ),
    "test_tls.py::test_without_limits_the_descriptor_remains_blocking": NO_THREADS,
    "test_scopes.py::test_a_scope_cannot_be_subclassed": NO_FINAL,
    "test_objects.py::test_all_and_help_have_every_extra": (
        "pydoc finds a class of another test, which PyPy does not collect"
    ),
    "test_options.py::test_names": HAS_DICT,
    "test_options.py::test_a_derived_class_may_have_options_of_its_own": HAS_DICT,
    "test_options.py::test_nothing_is_leaked": NO_COUNTS,
    "test_objects.py::test_weak_references": COLLECTED_LATER,
    "test_objects.py::test_error_messages_of_the_interpreter_name": HAS_DICT,
    "test_objects.py::test_attributes_of_the_class_may_be_replaced": HAS_DICT,
    "test_objects.py::test_all_names_exist": OTHER_SOCKET,
    "test_objects.py::test_the_standard_librarys_names_are_there": OTHER_SOCKET,
    "test_objects.py::test_dir_has_all": OTHER_SOCKET,
    "test_objects.py::test_every_method_has_a_": NO_TEXT,
    "test_objects.py::test_a_socket_is_small": "PyPy does not say how large objects are",
    "test_objects.py::test_the_result_of_total_seconds_is_released": COLLECTED_LATER,
    "test_objects.py::test_a_socket_is_not_pickled": ANY_PICKLE,
    "test_objects.py::test_a_warning_that_is_an_error": NO_SOURCE,
    "test_objects.py::test_the_warning_names_the_line": NO_SOURCE,
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
    """Return the reason why PyPy cannot pass the test, or None."""
    name = nodeid[nodeid.partition("::")[0].rfind("/") + 1 :]
    return next((why for test, why in TESTS.items() if name.startswith(test)), None)
