"""Work that changes what is kept, in a process of its own: the server's readers go on beside it, as beside `fullcircle run`."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from fullcircle.errors import FullcircleError
from fullcircle.serve.cli.endings import without_values

Done = TypeVar("Done")


def apart(work: Callable[..., Done], *args: Any) -> Done:
    """Do it, and wait for it; its errors are raised here. What it is given, and gives, is sent from process to process."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_do, args=(theirs, work, args), daemon=True)
    process.start()
    theirs.close()
    try:
        done, error = ours.recv()
    except EOFError:
        done, error = (
            None,
            FullcircleError("The work was stopped before it was done.", "Look whether it is noted, and begin again."),
        )
    finally:
        process.join()
        ours.close()
    if error is not None:
        raise error
    found: Done = done
    return found


def _do(answer: Connection, work: Callable[..., Any], args: tuple[Any, ...]) -> None:
    try:
        answer.send((work(*args), None))
    except FullcircleError as error:
        answer.send((None, error))
    except Exception as error:  # its text may hold values of the data
        answer.send((None, FullcircleError(f"The work failed ({without_values(error)}).", "Please report this error.")))
