"""How much memory a training may count on."""

import os
import sys
from pathlib import Path

_MEMINFO = Path("/proc/meminfo")


def available_bytes() -> int | None:
    """Give the bytes of memory that are free for a new use, or None where the machine does not say.

    Linux tells what is available, caches included; macOS and other systems with sysconf tell what is free or, failing
    that, half of what is there; Windows tells what is available.
    """
    if sys.platform == "win32":
        return _windows_available()
    if _MEMINFO.exists():
        return parse_meminfo(_MEMINFO.read_text(encoding="ascii", errors="replace"))
    return _sysconf_available()


def parse_meminfo(text: str) -> int | None:
    """Give the bytes of the line "MemAvailable" in the text of /proc/meminfo, or None without that line."""
    for line in text.splitlines():
        name, _, rest = line.partition(":")
        if name == "MemAvailable":
            return int(rest.split()[0]) * 1024
    return None


def _sysconf_available() -> int | None:
    if sys.platform == "win32":
        return None
    page = os.sysconf("SC_PAGE_SIZE")
    if "SC_AVPHYS_PAGES" in os.sysconf_names:
        return page * os.sysconf("SC_AVPHYS_PAGES")
    # macOS names only all pages; half of them is a guess that neither refuses everything nor fills the machine.
    return page * os.sysconf("SC_PHYS_PAGES") // 2 if "SC_PHYS_PAGES" in os.sysconf_names else None


def _windows_available() -> int | None:
    if sys.platform == "win32":
        import ctypes

        class Status(ctypes.Structure):
            _fields_ = [("length", ctypes.c_uint32), ("load", ctypes.c_uint32)] + [
                (name, ctypes.c_uint64)
                for name in ("total", "available", "all_pages", "pages", "all_virtual", "virtual", "extended")
            ]

        status = Status(length=ctypes.sizeof(Status))
        if ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
            return int(status.available)
    return None
