"""In a notebook a run is its stages, what is wrong with it, and its waterfall: HTML that needs nothing else."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

import telensic


class Page(HTMLParser):
    """What a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data + "\n"


def test_a_run_that_ended_shows_its_stages_and_its_waterfall(tmp_path: Path) -> None:
    run = telensic.run("nightly", directory=tmp_path)
    assert run.id in Page(run._repr_html_()).text
    with telensic.span("run_stage:load"), telensic.span("read <script>alert(1)</script>", symbol='"><b>'):
        pass
    with pytest.raises(KeyError), telensic.span("run_stage:features"):
        raise KeyError("<i>missing</i>")
    conclusion = run.finish()
    assert conclusion is not None
    shown = run._repr_html_()
    assert shown == conclusion._repr_html_() == telensic.read_run(run.directory)._repr_html_()
    page = Page(shown)
    for text in (run.id, "succeeded", "load", "features", "read <script>alert(1)</script>", "<i>missing</i>"):
        assert text in page.text, text
    assert ("title", 'symbol="><b>') in page.attributes
    # Nothing that was recorded is markup, nothing is fetched, nothing runs, and all is closed.
    assert set(page.tags) <= {"div", "style", "b", "span", "table", "tr", "th", "td", "i"}
    assert page.tags.count("b") == 1
    assert {name for name, _ in page.attributes} == {"class", "style", "title"}
    assert page.open == []
    assert "url(" not in shown


def test_of_many_spans_the_longest_are_shown_below_their_parents(tmp_path: Path) -> None:
    with telensic.run("nightly", directory=tmp_path) as run:
        for number in range(200):
            with telensic.span(f"outer {number}"), telensic.span(f"inner {number}"):
                pass
    page = Page(telensic.read_run(run.directory)._repr_html_())
    lines = page.text.splitlines()
    waterfall = lines[lines.index("pipeline:nightly") :]
    rows = [line for line in waterfall if line.startswith(("pipeline:", "outer", "inner"))]
    assert 50 < len(rows) <= 60
    for above, row in zip(rows, rows[1:], strict=False):
        if row.startswith("inner"):
            assert above == row.replace("inner", "outer")
    assert f"and {401 - len(rows)} shorter spans" in page.text


def test_a_run_that_goes_on_says_so(tmp_path: Path) -> None:
    with telensic.run("nightly", directory=tmp_path) as run:
        assert "goes on" in run._repr_html_()
