"""What every handler of the Web API has before it: the world, its bodies, the library, and the rights of the asker."""

from functools import cached_property

from demo.catalogue import ME, World
from demo.ids import WELL_FORMED, Kind
from demo.spotify.bodies import Bodies
from demo.spotify.library import Library, Shown
from demo.spotify.playlists import Pages
from demo.spotify.regimes import Regime
from demo.spotify.search import Search
from demo.spotify.wire import Ask, Grant, refuse

READ_PRIVATE, READ_SHARED = "playlist-read-private", "playlist-read-collaborative"
READ_LIKED = "user-library-read"
CHANGE_PUBLIC, CHANGE_PRIVATE = "playlist-modify-public", "playlist-modify-private"
_NOBODY = Grant(None, frozenset(), 0.0)


class Desk:
    """One world in one regime, with what has changed in it."""

    def __init__(self, world: World, regime: Regime, base: str, features: bool) -> None:
        self.world = world
        self.regime = regime
        self.features = features and regime is Regime.EXT
        """Whether this app was granted audio features before they were withdrawn."""
        self.bodies = Bodies(world, regime, base)
        self.library = Library(world)
        self.pages = Pages(self.bodies, self.library)

    @cached_property
    def search(self) -> Search:
        """The index by word, made when the first search comes."""
        return Search(self.world)

    def number(self, kinds: tuple[Kind, ...], thing_id: str) -> int:
        """Read an id in a path; raises Refusal (400, 404)."""
        if not WELL_FORMED.fullmatch(thing_id):
            raise refuse(400, "invalid id")
        told = self.world.read_id(thing_id)
        if told is None or told[0] not in kinds:
            raise refuse(404, "Resource not found")
        return told[1]

    def playlist(self, ask: Ask, playlist_id: str) -> Shown:
        """Find a playlist that the asker may know of; raises Refusal (400, 404)."""
        if not WELL_FORMED.fullmatch(playlist_id):
            raise refuse(400, "invalid id")
        told = self.world.read_id(playlist_id)
        shown = self.library.shown(told) if told and told[0] in (Kind.PLAYLIST, Kind.MADE_PLAYLIST) else None
        if shown is None or not self._is_open(shown, grant_of(ask)):
            raise refuse(404, "Resource not found")
        return shown

    def _is_open(self, shown: Shown, grant: Grant) -> bool:
        if shown.public:
            return True
        scopes = {READ_PRIVATE, READ_SHARED} if shown.collaborative else {READ_PRIVATE}
        return grant.user == ME and bool(scopes & grant.scopes)


def grant_of(ask: Ask) -> Grant:
    """Give what the asker may do."""
    return ask.grant or _NOBODY


def need_user(ask: Ask, *scopes: str) -> None:
    """Raise Refusal unless there is a user (401) who has given one of the scopes, where some are named (403)."""
    grant = grant_of(ask)
    if grant.user is None:
        raise refuse(401, "Valid user authentication required")
    if scopes and not grant.scopes & set(scopes):
        raise refuse(403, "Insufficient client scope")
