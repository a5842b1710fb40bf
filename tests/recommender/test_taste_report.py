"""What is shown of a trained taste, from figures that are made up for it."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from recommender.commands.taste.report import report as command
from recommender.errors import CannotWrite
from recommender.lines import width
from recommender.taste.contract import Ablation, Grades, Importance, Report, Tried
from recommender.taste.report_page import page
from recommender.taste.report_table import told
from tests.recommender.tasting import learned, taste_world

WIDEST = 120
PICTURES = 6


def grades(auc: float) -> Grades:
    return Grades(auc - 0.08, auc - 0.05, auc - 0.1, auc - 0.07, auc, ((40, 15), (12, 48)), (auc - 0.07, auc + 0.06))


def tried(learner: str, auc: float, sampling: str = "none") -> Tried:
    return Tried(learner, sampling, {"C": 0.3}, grades(auc), 3.25)


@pytest.fixture
def made_up() -> Report:
    """Figures of a taste that nobody has."""
    best = tried("svc", 0.84, "over")
    return Report(
        "",
        60,
        55,
        83,
        {"the same recording twice": 3, "no audio features known": 0},
        {"by hand": 20, "generated": 95},
        best,
        (best, tried("random-forest", 0.83)),
        {"majority": replace(grades(0.5), precision=float("nan")), "same artist": grades(0.52)},
        (Importance("energy", 0.11, 0.02), Importance("mode", -0.004, 0.003)),
        (Ablation("without genres", grades(0.8)),),
        ((0.0, 0.0), (0.2, 0.8), (1.0, 1.0)),
        ((0.1, 0.2, 0.9), (0.95, 1.0)),
        "svc is kept",
        "nobody can be sure",
        1_700_000_000,
        41.0,
    )


class _Page(HTMLParser):
    """Reads a page: which elements are opened and closed, and all the words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_terminal_shows_every_figure(made_up: Report) -> None:
    """All that was tried, the baselines, what matters, what was taken away, and why; it fits a terminal."""
    text = told(made_up)
    for words in (
        "GENERATED: 95 of 115 thumbs", "Nobody can be sure", "learned on 2023-11-14 from 60 likes and 55 dislikes",
        "Not learned from: 3, the same recording twice", "Svc is kept", "support vectors (svc), over-sampled",
        "random forest", "always the commoner", "by the same artist", "energy", "0.110", "without genres",
        "0.77 to 0.90", "accuracy", "precision", "recall", "F1", "ROC-AUC", "C 0.3",
    ):  # fmt: skip
        assert words in text
    assert re.search(r"you dislike it +40 +15\nyou like it +12 +48", text)
    assert "no audio features known" not in text
    assert "nan" not in text
    assert max(map(width, text.splitlines())) <= WIDEST


def test_what_is_real_is_not_called_generated(made_up: Report) -> None:
    real = replace(made_up, sources={"by hand": 115}, unsure="")
    assert "GENERATED" not in told(real) + page(real, 0.5)
    assert 'class="warning"' not in page(real, 0.5)


def test_the_page_is_whole_and_needs_nothing_else(made_up: Report) -> None:
    """Six pictures with titles for those who cannot see them, well-formed, without a script or an address."""
    text = page(made_up, 0.52)
    read = _Page(text)
    assert read.open == []
    assert not {"script", "img", "link", "iframe"} & set(read.seen)
    assert "://" not in text
    pictures = [f"<svg{part.split('</svg>')[0]}</svg>" for part in text.split("<svg")[1:]]
    assert len(pictures) == PICTURES
    for picture in pictures:
        root = ElementTree.fromstring(picture)
        assert (root.get("role"), root[0].tag, root[1].tag) == ("img", "title", "desc")
        assert root[0].text
        assert root[1].text
    assert "prefers-color-scheme: dark" in text
    assert text.index("GENERATED") < text.index("<svg")


def test_the_pictures_show_the_figures(made_up: Report) -> None:
    """The counts of the matrix and of the chances, the learners beside the baselines, importances, what is left out."""
    parts = [" ".join(_Page(part.split("</figure>")[0]).words) for part in page(made_up, 0.52).split("<figure>")[1:]]
    curve, matrix, chances, learners, matters, less = parts
    assert "84 times of 100 (77 to 90)" in curve
    assert all(count in matrix for count in ("40 (73%)", "15 (27%)", "12 (20%)", "48 (80%)"))
    assert "liked from here on" in chances
    assert all(
        name in learners
        for name in ("support vectors (svc), over-sampled", "random forest", "always the commoner", "a coin")
    )
    assert "0.110 ± 0.020" in matters
    assert "without genres" in less


def test_each_chance_stands_in_its_tenth(made_up: Report) -> None:
    """Also one of exactly 1, and none is lost."""
    picture = page(made_up, 0.52).split("<figure>")[3]
    towers = re.findall(
        r'<rect class="(like|dislike)" x="([\d.]+)" y="[\d.]+" width="[\d.]+" height="([\d.]+)"', picture
    )
    tall = [(kind, float(x)) for kind, x, height in towers if float(height) > 12.5]
    assert [kind for kind, _ in tall] == ["dislike", "dislike", "dislike", "like"]
    assert [x for _, x in tall] == sorted(x for _, x in tall)


def test_a_name_is_only_ever_text(made_up: Report) -> None:
    """Of a listener, a file, a genre."""
    odd = "<script>alert(1)</script>"
    text = page(replace(made_up, listener=odd, sources={odd: 1}, importances=(Importance(odd, 0.1, 0.0),)), 0.5)
    assert "<script" not in text
    assert "&lt;script&gt;" in text


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return learned(taste_world(tmp_path_factory.mktemp("report") / "t.db"))


def run(database: Path, *words: str) -> Result:
    result = CliRunner().invoke(command, words, obj=database)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_the_report_of_a_learned_taste_says_that_two_sounds_are_easily_told_apart(world: Path) -> None:
    """In tables, in JSON, and as a page."""
    assert "by the same artist" in run(world).stdout
    as_json = json.loads(run(world, "--json").stdout)
    assert as_json["best"]["grades"]["roc_auc"] > 0.95
    assert as_json["baselines"]["majority"]["roc_auc"] == pytest.approx(0.5, abs=0.05)
    assert (as_json["likes"], as_json["dislikes"], as_json["sources"]) == (30, 30, {"generated": 60})


def test_the_page_is_written_whole_and_replaces_nothing_unforced(world: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "page"
    done = run(world, "--html", str(folder))
    assert (done.stdout, done.stderr) == ("", f"Written: {folder / 'index.html'}\n")
    assert (folder / "index.html").read_text(encoding="utf-8").count("<svg") == PICTURES
    (folder / "index.html").write_text("mine", encoding="utf-8")
    with pytest.raises(CannotWrite):
        run(world, "--html", str(folder))
    assert (folder / "index.html").read_text(encoding="utf-8") == "mine"
    run(world, "--html", str(folder), "--force")
    assert (folder / "index.html").read_text(encoding="utf-8") != "mine"


def test_the_tables_go_into_a_file(world: Path, tmp_path: Path) -> None:
    done = run(world, "-o", str(tmp_path / "report.txt"))
    assert done.stdout == ""
    assert "Right and wrong (confusion matrix)" in (tmp_path / "report.txt").read_text(encoding="utf-8")
