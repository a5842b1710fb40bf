"""How many threads the linear algebra has, which it reads when it is loaded."""

import os

ONE = {"OPENBLAS_NUM_THREADS": "1"}
"""An answer multiplies matrices with vectors and so waits for memory, of which a second thread gets no more. Where
another process works, two wait for each other as well: a product in blocks then took ten times as long."""


def one_thread() -> None:
    """Give it one, unless the environment tells another number; after numpy is loaded that comes too late."""
    for name, value in ONE.items():
        os.environ.setdefault(name, value)
