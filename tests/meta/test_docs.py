"""The documentation says what the code does: generated places are fresh, examples run, what is named exists."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from pygments.token import Error, Name, Number

from openprocurement_api import errors, hookspecs, settings
from openprocurement_api.domain.node import tree
from openprocurement_api.sphinxext import __main__ as readme
from openprocurement_api.sphinxext.exchange import ExchangeLexer
from openprocurement_api.sphinxext.fields import models
from openprocurement_api.sphinxext.pieces import PIECES, installed
from procedures.below_threshold import PROCEDURE

ROOT = Path(__file__).parents[2]
MADE = ROOT / "docs/reference/procedures"
"""Pages that a build of the documentation writes."""
PAGES = sorted(
    path
    for pattern in ("docs/**/*.md", "README.md", "procedures/*/README.md")
    for path in ROOT.glob(pattern)
    if path.parent != MADE
)
DECISIONS = sorted(ROOT.glob("docs/adr/0*.md"))
NAMED = re.compile(r"`((?:openprocurement_api|procedures|plugins|tests|docs|conf|requirements|storage|models|domain)/[\w./-]*)`")
RELATIVE = ("storage/", "models/", "domain/")


def text_of(path):
    return path.read_text(encoding="utf-8")


def blocks(path, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", text_of(path), re.DOTALL | re.MULTILINE)


# --- what is generated


def test_the_marked_places_of_readmes_are_fresh():
    assert [str(path) for path, _ in readme.stale(ROOT)] == [], "run `python -m openprocurement_api.sphinxext readme`"


def test_every_readme_of_a_procedure_shows_its_states():
    for folder in (path.parent for path in ROOT.glob("procedures/*/states.py")):
        assert "<!-- procedure-diagram: " in text_of(folder / "README.md")


def test_the_readme_command_mends_what_is_stale(tmp_path, capsys):
    page = tmp_path / "README.md"
    page.write_text(
        "before\n<!-- procedure-diagram: belowThreshold bids -->\nold\n<!-- end -->\nafter <!-- end -->\n", encoding="utf-8"
    )

    assert readme.main(["readme", str(tmp_path), "--check"]) == 1
    assert "old" in page.read_text(encoding="utf-8")
    assert readme.main(["readme", str(tmp_path)]) == 0
    assert page.read_text(encoding="utf-8").startswith("before\n<!-- procedure-diagram: belowThreshold bids -->\n```mermaid\n")
    assert page.read_text(encoding="utf-8").endswith("\n```\n<!-- end -->\nafter <!-- end -->\n")
    assert readme.main(["readme", str(tmp_path), "--check"]) == 0
    assert capsys.readouterr().out == f"{page}\n" * 2


def test_the_table_of_errors_names_every_class_with_its_status():
    said = PIECES["errors-table"]("")
    own = [error for error in errors.ApiError.__subclasses__() if error.__module__ == errors.__name__]
    for error in own:
        assert f"| {error.status} | {error.__name__} |" in said
    assert len(said.splitlines()) == 2 + len(own)


def test_the_table_of_hooks_names_every_hook_with_its_arguments():
    said = PIECES["hooks-table"]("")
    names = [name for name in vars(hookspecs) if name.startswith("openprocurement_")]
    assert [name for name in names if f"`{name}(" not in said] == []
    assert "`openprocurement_saved(kind, id, before, after)`" in said


def test_the_table_of_settings_says_what_is_needed_and_the_defaults():
    said = PIECES["settings-table"]("")
    for option in settings.OPTIONS:
        assert f"| `{option.name}` |" in said
    assert "| `storage.url` | (needed) |" in said
    assert "| `sandbox_mode` | `false` |" in said
    assert "| `server_id` | (empty) |" in said


def test_the_settings_of_plugins_are_separate_from_those_of_the_kernel():
    said = PIECES["settings-table"]("documents")
    assert "`documents.path`" in said
    assert "`storage.url`" not in said


def test_every_field_of_every_model_is_listed_once():
    said = PIECES["node-fields"]("belowThreshold")
    for node, _ in tree(PROCEDURE.root):
        section = said.split(f"**{node.model.__name__}**")[1].split("\n\n(model-")[0]
        rows = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
        others = re.findall(r"`(\w+)`", " ".join(re.findall(r"translated in ((?:`\w+`,? ?)+)", section)))
        assert sorted([*rows, *others]) == sorted(node.model._schema.fields), node.name


def test_every_link_to_a_model_has_its_target():
    said = PIECES["node-fields"]("belowThreshold")
    links, targets = re.findall(r"\(#(model-\w+)\)", said), re.findall(r"^\((model-\w+)\)=$", said, re.MULTILINE)
    assert set(links) <= set(targets)
    assert len(targets) == len(set(targets))


def test_rules_of_fields_are_said_in_words():
    said = models([("tenders", PROCEDURE.root), ("bids", PROCEDURE.root.child("bids"))], "x")
    assert "| `mode` | text |  | one of `test` |" in said
    assert "| `id` | id (32 hex digits) |  | set by the system; by default a new one |" in said
    assert "| `title` | text | yes | translated in `title_en`, `title_ru` |" in said
    assert "checked by `Bid.validate_value`" in said
    assert "| `currency` | text |  | length at least 3; length at most 3; by default `UAH` |" in said


def test_what_has_no_states_has_no_picture():
    with pytest.raises(LookupError, match="a question has no states"):
        PIECES["procedure-diagram"]("belowThreshold questions")
    with pytest.raises(LookupError):
        PIECES["procedure-states"]("belowThreshold nothing")


# --- the directives


@pytest.fixture
def build(tmp_path):
    """Build one page with Sphinx; returns its HTML and the warnings."""
    import io

    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace

    def page(text, **settings):
        (tmp_path / "index.md").write_text(f"# Page\n\n{text}", encoding="utf-8")
        extensions = ["myst_parser", "openprocurement_api.sphinxext"]
        out, warnings = tmp_path / "out", io.StringIO()
        config = {"extensions": extensions, "myst_fence_as_directive": ["mermaid"], **settings}
        with docutils_namespace():
            app = Sphinx(tmp_path, None, out, out, "html", confoverrides=config, status=None, warning=warnings)
            app.build(force_all=True)
        return text_of(out / "index.html"), warnings.getvalue()

    return page


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
def test_every_directive_renders(build):
    arguments = {"settings-table": "documents", "errors-table": "", "hooks-table": ""}
    html, warnings = build("\n\n".join(f"```{{{name}}} {arguments.get(name, 'belowThreshold')}\n```" for name in PIECES))
    assert warnings == ""
    for words in ("stateDiagram-v2", "Suppliers ask", "awardPeriod ends now", "tender_owner"):
        assert words in html
    for words in ("documents.path", "Unavailable", "openprocurement_saved", "validate_lotValues"):
        assert words in html


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
def test_a_directive_that_cannot_be_shown_is_an_error_of_the_page(build):
    _, warnings = build("```{procedure-states} noSuchProcedure\n```")
    assert "procedure-states: no plugin brings a procedure 'noSuchProcedure'; there are: " in warnings


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
def test_diagrams_are_left_to_the_script_of_the_page(build):
    html, warnings = build("```mermaid\nflowchart LR\n    a --> b\n```")
    assert warnings == ""
    assert '<pre class="mermaid">\nflowchart LR\n    a --&gt; b\n</pre>' in html
    assert "https://" not in html.split("<article")[-1].split('<div class="sphinxsidebar"')[0]


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
def test_every_build_writes_the_pages_of_what_is_installed(build, tmp_path):
    gone = tmp_path / "made/gone.md"
    gone.parent.mkdir()
    gone.write_text("# Gone\n", encoding="utf-8")
    _, warnings = build("```{toctree}\n:glob:\n\nmade/*\n```", openprocurement_procedures="made")
    assert warnings == ""
    assert {path.stem for path in gone.parent.iterdir()} == set(installed())
    html = text_of(tmp_path / "out/made/belowThreshold.html")
    assert '<pre class="mermaid">' in html
    assert "Suppliers bid; what they bid is sealed" in html
    page = gone.parent / "belowThreshold.md"
    before = page.stat().st_mtime_ns
    build("```{toctree}\n:glob:\n\nmade/*\n```", openprocurement_procedures="made")
    assert page.stat().st_mtime_ns == before, "what has not changed is not written"


def test_both_messages_of_an_exchange_are_in_colours_even_cut_short():
    text = 'GET /a HTTP/1.1\nHost: b\n\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{"data": 1,\n  ...\n'
    tokens = list(ExchangeLexer().get_tokens(text))
    assert "".join(value for _, value in tokens) == text
    kinds = {value: kind for kind, value in tokens}
    assert kinds["GET"] is Name.Function
    assert kinds["200"] is Number
    assert kinds['"data"'] is Name.Tag
    assert Error not in {kind for kind, _ in tokens}


def test_one_message_alone_is_in_colours_too():
    kinds = {value: kind for kind, value in ExchangeLexer().get_tokens("GET /a HTTP/1.1\nHost: b\n")}
    assert (kinds["GET"], kinds["Host"]) == (Name.Function, Name.Attribute)


# --- what is written by hand


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_are_named_exist(page):
    for name in NAMED.findall(text_of(page)):
        path = ROOT / ("openprocurement_api" if name.startswith(RELATIVE) else "") / name
        assert path.exists(), name


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_settings_that_are_named_exist(page):
    from openprocurement_api import plugins

    manager = plugins.load(["documents", "chronograph"])
    known = {o.name for o in [*settings.OPTIONS, *plugins.gathered(manager.hook.openprocurement_settings())]}
    dotted = re.findall(r"`((?:storage|auth|log|documents|chronograph)\.(?!ini\b)\w+)`", text_of(page))
    assert set(dotted) - known == set()


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_decisions_have_the_form_of_the_template(decision):
    text = text_of(decision)
    number = int(decision.name[:4])
    assert text.startswith(f"# {number or 'N'}. ")
    for part in ("- Status: ", "- Date: ", "## Context", "## Decision", "## Consequences"):
        assert part in text


# --- the examples


def bodies(page):
    """The JSON bodies of the shell examples, their dates filled in."""
    for script in blocks(page, "sh"):
        yield from re.findall(r"<<JSON\n(.*?)^JSON$", script, re.DOTALL | re.MULTILINE)


def test_the_first_tender_of_the_readme_goes_as_it_says(api):
    announced, bid = bodies(ROOT / "README.md")
    for words, span in (("+5 seconds", timedelta(seconds=5)), ("+1 hour", timedelta(hours=1))):
        announced = announced.replace(f"$(date -Iseconds -d '{words}')", (api.clock.now + span).isoformat())
    tender = api.post("/tenders", json.loads(announced)["data"])
    assert tender.data["status"] == "draft"
    assert api.get("/tenders", user=None) == []
    assert api.patch(tender, {"status": "active.enquiries"})["status"] == "active.enquiries"
    assert [row["id"] for row in api.get("/tenders", user=None)] == [tender.id]

    api.tick(tender, timedelta(seconds=6))
    made = api.post(f"{tender.path}/bids", json.loads(bid)["data"], user="broker2")
    said = [line.strip() for line in text_of(ROOT / "README.md").split("The last three commands print:")[1].splitlines()[2:5]]
    assert api.get(made.path, user="broker2", token=made.token)["value"] == json.loads(said[0])
    assert api.refused("GET", made.path, token=tender.token) == json.loads(said[1])
    assert api.get(tender.path, user=None).get("bids") == json.loads(said[2])


def test_the_report_in_one_go_goes_as_the_readme_says(settings):
    from openprocurement_api.testing.client import Api

    (body,) = blocks(ROOT / "procedures/reporting/README.md", "json")
    api = Api.start(settings | {"plugins": "reporting documents"})
    shown = api.post("/tenders", json.loads(body)["data"]).data

    (award,), (contract,) = shown["awards"], shown["contracts"]
    assert (shown["status"], award["status"], contract["status"]) == ("complete", "active", "active")
    assert contract["value"]["amount"] == 8700
