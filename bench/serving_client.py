"""One client of bench.serving: asks one path after another on one connection, and tells what each answer took.

python -m bench.serving_client PORT FILE
"""

import http.client
import json
import sys
import time
from pathlib import Path


def ask(port: int, paths: list[str]) -> dict[str, object]:
    """Ask for all, and keep the first answer that is none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.connect()
    seconds, wrong = [], ""
    for path in paths:
        began = time.perf_counter()
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read()
        seconds.append(time.perf_counter() - began)
        if response.status != 200 and not wrong:
            wrong = f"{response.status} {body[:300]!r}"
    connection.close()
    return {"seconds": seconds, "wrong": wrong}


if __name__ == "__main__":
    port, file = sys.argv[1:]
    asked = Path(file).read_text().splitlines()
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(ask(int(port), asked)))
