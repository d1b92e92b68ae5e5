"""ExceptionGroup for Python 3.9 and 3.10: from the package exceptiongroup, or a simple one."""

try:
    from exceptiongroup import ExceptionGroup  # type: ignore
except ImportError:

    class ExceptionGroup(Exception):  # type: ignore
        """Several exceptions at once."""

        def __init__(self, message, exceptions):
            super().__init__(message, exceptions)
            self.message = message
            self.exceptions = tuple(exceptions)

        def __str__(self):
            count = len(self.exceptions)
            return f"{self.message} ({count} sub-exception{'s' if count > 1 else ''})"


__all__ = ["ExceptionGroup"]
