"""One address for programs: what it asks, what it answers. Read by the server and by its description. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.datastructures import MultiDict

from web.asking import sentence
from web.errors import NotUnderstood

Model = TypeVar("Model", bound=BaseModel)
_PLACE = re.compile(r"\{(\w+)\}")


class Nothing(BaseModel):
    """No parameter at all."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, kw_only=True)
class Route:
    """One address and one method."""

    path: str
    """Under the room's prefix, such as /songs/{id}."""
    name: str
    """What the operation is called; unlike that of any other."""
    summary: str
    answer: Callable[..., BaseModel]
    """Takes what stands in the path, then what the query or the body says."""
    answers: type[BaseModel]
    method: Literal["get", "post", "delete"] = "get"
    asks: type[BaseModel] = Nothing
    """The parameters of the query; of a POST the JSON object that is its body."""
    places: Mapping[str, str] = field(default_factory=dict)
    """What stands in the path, by its name in it."""
    refuses: tuple[int, ...] = ()
    """Statuses of its own beside those that every address may answer with."""
    example: str = ""
    """What to try, with words of web.api.examples in it: an address under the room's prefix, or the body of a POST."""

    @property
    def rule(self) -> str:
        """Give the path as Flask writes it; what stands in it may hold slashes."""
        return _PLACE.sub(r"<path:\1>", self.path)


def read_query(asks: type[Model], told: "MultiDict[str, str]") -> Model:
    """Read the parameters of an address, to the letter. Raises NotUnderstood."""
    fields = {one.alias or name: one for name, one in asks.model_fields.items()}
    values: dict[str, Any] = {}
    for name in told:
        if name not in fields:
            there = f"there are {', '.join(sorted(fields))}" if fields else "there are none"
            raise NotUnderstood(f'"{name}" is no parameter of this address: {there}')
        texts = told.getlist(name)
        is_list = get_origin(fields[name].annotation) is tuple
        if len(texts) > 1 and not is_list:
            raise NotUnderstood(f"{name} is told {len(texts)} times: tell it once")
        values[name] = texts if is_list else texts[0]
    try:
        return asks.model_validate(values)
    except ValidationError as error:
        raise NotUnderstood(sentence(error)) from error


def read_body(asks: type[Model], body: bytes) -> Model:
    """Read a body of JSON, to the letter. Raises NotUnderstood."""
    try:
        return asks.model_validate_json(body, strict=True)
    except ValidationError as error:
        raise NotUnderstood(sentence(error)) from error
