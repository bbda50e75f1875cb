import inspect
import re

import pytest

from engine import errors
from engine.errors import EngineError, QueryError, UnreadableImageError

ERRORS = [
    error
    for _, error in inspect.getmembers(errors, inspect.isclass)
    if error.__module__ == "engine.errors"
]


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_is_an_engine_error_and_named_in_the_tree(error: type[Exception]) -> None:
    assert issubclass(error, EngineError)
    assert errors.__doc__
    assert error.__name__ in errors.__doc__


def test_the_tree_in_the_docstring_names_no_error_that_does_not_exist() -> None:
    drawn = re.findall(r"\w+(?:Error|Died)\b", errors.__doc__ or "")
    assert sorted(drawn) == sorted(error.__name__ for error in ERRORS)


def test_an_unreadable_photo_says_whether_trying_again_helps() -> None:
    error = UnreadableImageError("The file is empty.", permanent=True)
    assert error.permanent
    assert str(error) == "The file is empty."


def test_a_query_error_marks_the_characters_at_fault() -> None:
    error = QueryError("This is no day.", 3, 7)
    assert (str(error), error.start, error.end) == ("This is no day.", 3, 7)
