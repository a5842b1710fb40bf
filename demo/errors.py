"""What can go wrong in the demo.

DemoError
└── NotADemo           the file that it would make anew is no earlier demo
"""


class DemoError(Exception):
    """Root of this house. The message is one sentence with the cure."""


class NotADemo(DemoError):
    """The file that it would make anew is no earlier demo."""
