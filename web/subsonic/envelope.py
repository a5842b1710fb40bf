"""An answer as music players read it: one tree, written as XML or as JSON. Pure."""

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

VERSION = "1.16.1"
"""Of Subsonic's interface."""
_SPACE = "http://subsonic.org/restapi"
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Tree = Mapping[str, Any]
"""Names to texts, numbers, truths, trees, and lists of any of them; None where nothing is to stand."""


def succeeded(told: Tree, server: str) -> Tree:
    """Wrap an answer. server: the version of Segue."""
    return {"status": "ok", **_about(server), **told}


def failed(code: int, message: str, server: str) -> Tree:
    """Wrap a refusal, with a code of Subsonic's."""
    return {"status": "failed", **_about(server), "error": {"code": code, "message": message}}


def as_json(tree: Tree) -> str:
    """Write an answer as JSON."""
    return json.dumps({"subsonic-response": _without_gaps(tree)})


def as_xml(tree: Tree) -> str:
    """Write an answer as XML: trees and lists become elements, all else attributes."""
    root = Element("subsonic-response", {"xmlns": _SPACE})
    _fill(root, tree)
    return tostring(root, encoding="unicode")


def _about(server: str) -> Tree:
    return {"version": VERSION, "type": "segue", "serverVersion": server, "openSubsonic": True}


def _without_gaps(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_gaps(one) for name, one in value.items() if one is not None}
    return [_without_gaps(one) for one in value] if isinstance(value, list) else value


def _fill(element: Element, tree: Tree) -> None:
    for name, value in tree.items():
        if value is None:
            continue
        if name == "value":
            element.text = _text(value)
        elif isinstance(value, list | Mapping):
            for one in value if isinstance(value, list) else [value]:
                child = SubElement(element, name)
                if isinstance(one, Mapping):
                    _fill(child, one)
                else:
                    child.text = _text(one)
        else:
            element.set(name, _text(value))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else _NOT_IN_XML.sub("", str(value))
