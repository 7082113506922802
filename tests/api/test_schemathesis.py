"""Schemathesis tries every operation of the OpenAPI document: no 500, no undeclared status, no undeclared shape.

Half of the addresses lead into a real tender, with the key and the token of somebody who may do something there.
"""

from __future__ import annotations

from base64 import b64encode

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from openprocurement_api import plugins
from openprocurement_api.app import main
from openprocurement_api.describing import openapi
from openprocurement_api.testing.client import BASE, MORNING, Api
from openprocurement_api.testing.plugin import CONF
from procedures.below_threshold.tests.play import Play

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
USERS = (None, "broker", "broker", "broker", "chronograph", "auction", "administrator", "token", "reviewer")
PLUGINS = (
    "belowThreshold aboveThresholdUA aboveThresholdUA.defense aboveThresholdEU esco competitiveDialogueEU competitiveDialogueUA"
    " competitiveDialogueEU.stage2 competitiveDialogueUA.stage2 reporting negotiation negotiation.quick documents"
)
OWN = "/openapi.json"
EXAMPLES = 12
"""Requests of each operation, half of them with data that breaks the document."""


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    """An API with one tender in it."""
    given_settings = {
        "storage.url": "memory:",
        "auth.file": str(CONF),
        "plugins": PLUGINS,
        "documents.path": str(tmp_path_factory.mktemp("documents")),
        "sandbox_mode": "true",
        "log.level": "CRITICAL",
    }
    client = Api(main({}, **given_settings))
    client.clock.now = MORNING
    yield client
    client.store.close()


@pytest.fixture(scope="module")
def tenders(api):
    """Tenders in different states: the ids of what is in each, by the names of path parameters, and the tokens."""

    def known(play):
        body = api.store.get("tender", play.tender.id).body
        kept = [name for name in ("bid", "question", "complaint", "lot", "award") if f"{name}s" in body]
        ids = {f"{name}_id": body[f"{name}s"][0]["id"] for name in kept}
        found = {"tender_id": body["id"], "procedure_type": body["procurementMethodType"], **ids}
        return found, [play.tender.token, *(bid.token for bid in play.bids)]

    asked, awarded = Play(api, lots=2), Play(api).open_bids(450, 460).hold_auction()
    asked.claims_of_every_status()
    return [known(asked), known(awarded)]


@pytest.fixture(scope="module")
def operations(api):
    """Every operation, by method and path."""
    document = schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", api.web.app)
    found = [operation.ok() for operation in document.get_all_operations()]
    return {(operation.method, operation.path): operation for operation in found}


def declared():
    """The method and path of every operation; Schemathesis leaves out the document's own address."""
    procedures = plugins.procedures(plugins.load(PLUGINS.split()))
    paths = openapi.document(procedures, BASE)["paths"]
    return [(method, path) for path, ways in paths.items() for method in ways if method != "parameters" and path != OWN]


@pytest.mark.parametrize(("method", "path"), declared())
def test_an_operation_keeps_to_the_document(operations, tenders, method, path):
    operation = operations[method, path]
    good = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    bad = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def try_it(data):
        case = data.draw(st.one_of(good, bad))
        ids, tokens = data.draw(st.sampled_from([*tenders, ({}, [""])]))
        case.path_parameters = {name: ids.get(name, value) for name, value in (case.path_parameters or {}).items()}
        user = data.draw(st.sampled_from(USERS))
        headers = {"Accept-Encoding": "identity", "X-Access-Token": data.draw(st.sampled_from(tokens))}
        if user:
            headers["Authorization"] = f"Basic {b64encode(f'{user}:'.encode()).decode()}"
        case.call_and_validate(checks=CHECKS, headers=headers)

    try_it()
