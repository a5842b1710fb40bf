"""The article's size on one machine.

    python -m bench.scale make --folder DIR [--part 1/16] [--seed 1]
    python -m bench.scale likeness [--part 1/16] [--seed 1] [--made FOLDER] [--real FOLDER]
    python -m bench.scale steps --folder DIR [--parts 1/16 1/8 ...] [--steps import corpus ...] [--again] [--keep]
    python -m bench.scale peers [--part 1/16] [--database DB]
    python -m bench.scale engines --folder DIR [--part 1/64] [--kinds word2vec als item-knn]

A subcommand is a module with ABOUT, `add(parser)` and `run(options)`; a new one is named in COMMANDS.
"""

import argparse
import sys

from bench.scale import engines_command, likeness_command, make_command, peers_command, steps_command

COMMANDS = {
    "make": make_command,
    "likeness": likeness_command,
    "steps": steps_command,
    "peers": peers_command,
    "engines": engines_command,
}


def main() -> int:
    """Run a subcommand; 1 when what it holds things to is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description="The article's size on one machine.")
    subparsers = parser.add_subparsers(dest="command", required=True)
    for name, command in COMMANDS.items():
        command.add(subparsers.add_parser(name, help=command.ABOUT, description=command.ABOUT))
    options = parser.parse_args()
    return COMMANDS[options.command].run(options)


if __name__ == "__main__":
    sys.exit(main())
