"""`segue taste`."""

import click

from recommender.commands.taste.clean import clean
from recommender.commands.taste.discover import discover
from recommender.commands.taste.report import report
from recommender.commands.taste.thumbs import dislike, forget, like, list_command
from recommender.commands.taste.train import train


@click.group()
def taste() -> None:
    """Learn what one person likes from thumbs, and find more of it.

    Say what you like and what not, then train. All of it stays in your database.
    """


for command in (like, dislike, forget, list_command, train, report, clean, discover):
    taste.add_command(command)
