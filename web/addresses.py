"""Addresses of our own. Pure."""


def own_path(text: str) -> str:
    """Give a path on this server as it was told, and nothing for what may lead to another one."""
    return text if text.startswith("/") and not text.startswith(("//", "/\\")) else ""
