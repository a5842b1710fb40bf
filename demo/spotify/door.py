"""The way of a request through the service: token, limits, endpoint, and what goes wrong on purpose."""

from collections.abc import Callable
from dataclasses import asdict, replace

from demo.catalogue import World
from demo.spotify.accounts import Accounts
from demo.spotify.api import Api
from demo.spotify.desk import Desk
from demo.spotify.faults import Mischief, Plan
from demo.spotify.limits import Quota, Rate
from demo.spotify.reccobeats import ReccoBeats
from demo.spotify.regimes import Regime
from demo.spotify.seen import Log
from demo.spotify.wire import Answer, Ask, refused, told

API, RECCOBEATS = "/v1", "/reccobeats"


class Door:
    """All that the service answers on one port."""

    def __init__(self, world: World, regime: Regime, base: str, features: bool, plan: Plan, fault_seed: int) -> None:
        self.log = Log()
        self.accounts = Accounts(plan.life)
        self.mischief = Mischief(plan, fault_seed)
        self.desk = Desk(world, regime, base + API, features and plan.features)
        self._api = Api(self.desk)
        self._reccobeats = ReccoBeats(world, plan.recco_rate)
        self._rate = Rate(*plan.rate) if plan.rate else None
        self._quota = Quota(*plan.quota, plan.says_why) if plan.quota else None

    def answer(self, ask: Ask, target: str) -> Answer:
        """Answer a request and note it. target: path and query as they came."""
        if ask.path == "/_requests":
            return self._requests(ask)
        answer = self._answer(ask)
        self.log.add(ask.method, target, answer.status, ask.now)
        return answer

    def is_delayed(self, ask: Ask) -> bool:
        """Whether answers to such a request come late where latency is asked for."""
        return ask.path.startswith((API + "/", RECCOBEATS + "/"))

    def _answer(self, ask: Ask) -> Answer:
        match ask.method, ask.path:
            case "GET", "/authorize":
                return self.accounts.authorize(ask)
            case "POST", "/api/token":
                return self.accounts.token(ask)
            case "GET", "/_health":
                return told(200, {"ok": True})
        if ask.path.startswith(API + "/"):
            return self._of_api(replace(ask, path=ask.path.removeprefix(API)))
        if ask.path.startswith(RECCOBEATS + "/") and ask.method == "GET":
            return self._with_faults(replace(ask, path=ask.path.removeprefix(RECCOBEATS)), self._reccobeats.answer)
        return refused(404, "Service not found")

    def _of_api(self, ask: Ask) -> Answer:
        grant = self.accounts.grant(ask)
        if isinstance(grant, Answer):
            return grant
        limited = self._limited(ask.now)
        if limited:
            return limited
        if self.mischief.plan.forbidden:
            return refused(403, self.mischief.plan.forbidden)
        return self._with_faults(replace(ask, grant=grant), self._api.answer)

    def _limited(self, now: float) -> Answer | None:
        limited = self._rate.refusal(now) if self._rate else None
        return limited or (self._quota.refusal(now) if self._quota else None)

    def _with_faults(self, ask: Ask, answer: Callable[[Ask], Answer]) -> Answer:
        hit = self.mischief.draw()
        instead = self.mischief.instead(hit)
        if instead:
            return instead
        given = answer(self.mischief.shorten(ask, hit))
        spoilt = self.mischief.spoilt(given, hit, self.desk.bodies.base)
        self.mischief.shake(self.desk.library, given, hit)
        return spoilt

    def _requests(self, ask: Ask) -> Answer:
        if ask.method == "DELETE":
            self.log.clear()
            return Answer(204)
        return told(200, [asdict(seen) for seen in self.log.all()])
