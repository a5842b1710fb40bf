"""What can go wrong in the demo.

DemoError
├── NotADemo           the file that it would make anew is no earlier demo
├── NothingCollected   the crawl of the small Spotify did not come to its end
├── PortInUse          another program answers where the small Spotify would
└── UnknownFault       a fault that it cannot make, or a share or time that is none
"""


class DemoError(Exception):
    """Root of this house. The message is one sentence with the cure."""


class NotADemo(DemoError):
    """The file that it would make anew is no earlier demo."""


class NothingCollected(DemoError):
    """The crawl of the small Spotify did not come to its end."""


class PortInUse(DemoError):
    """Another program answers where the small Spotify would."""


class UnknownFault(DemoError):
    """A fault that it cannot make, or a share or time that is none."""
