"""The OpenAPI document is valid, says everything, and what is answered is what it says."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.openapi.models import OpenAPI
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from cxnlp.cli import reference
from cxnlp.cli.ordering import JOBS
from cxnlp.serve.reference import document
from tests.serve.conftest import HEADER

DOCS = Path(__file__).parents[2] / "docs"

#: For every route that reads: how it is asked here.
ASKED = {
    "/api/status": "", "/api/moments": "", "/api/moments/{moment}": "delivery", "/api/scorecard": "", "/api/alerts": "",
    "/api/drivers": "?all=true", "/api/why": "?label=moments.delivery&from=2026-09&to=2026-10", "/api/themes": "",
    "/api/themes/{theme}": None, "/api/find": "?words=oversized+box&only_words=true",
    "/api/evidence": "?label=moments.delivery", "/api/evidence/{mention}": None, "/api/backlog": "",
    "/api/backlog/clock": "", "/api/backlog/events": "", "/api/backlog/{item}": None,
    "/api/backlog/{item}/evidence": None, "/api/backlog/{item}/events": None,
    "/api/backlog/{item}/explain": None, "/api/plan": "", "/api/views": "",
    "/api/views/{view}": "evidence", "/api/views/{view}/rows": "evidence", "/api/plan.html": "", "/api/plan.xlsx": "",
    "/api/backlog/export": "?format=csv", "/api/page": "", "/api/pages": "", "/api/pages/{night}": None,
    "/api/model": "", "/api/review": "?reviewer=ann&limit=3", "/api/quarantine": "", "/api/quarantine/{id}": None,
    "/api/jobs": "", "/api/jobs/commands": "", "/api/jobs/{id}": None, "/api/jobs/{id}/files/{file}": None,
}  # fmt: skip
#: Shown by other tests: the eight weeks have no themes and no quarantine, and nothing was asked to be done.
ELSEWHERE = {"/api/themes/{theme}", "/api/pages/{night}", "/api/quarantine/{id}", "/api/jobs/{id}",
             "/api/jobs/{id}/files/{file}"}  # fmt: skip


@pytest.fixture(scope="module")
def about(client: TestClient) -> dict[str, Any]:
    return dict(client.get("/openapi.json").json())


def test_the_document_is_valid_and_says_everything(about: dict[str, Any]) -> None:
    OpenAPI.model_validate(about)
    assert about["openapi"].startswith("3.1")
    reads = {path for path, methods in about["paths"].items() if "get" in methods}
    assert reads == set(ASKED)
    names = [route["operationId"] for methods in about["paths"].values() for route in methods.values()]
    assert len(names) == len(set(names))
    for path, methods in about["paths"].items():
        for method, route in methods.items():
            assert route["description"], path
            assert route["tags"], path
            assert {"200", "401", "422", "429", "503"} <= route["responses"].keys(), path
            is_changing = method != "get" or path.startswith(("/api/quarantine", "/api/jobs", "/api/review"))
            needs_token = is_changing or path == "/api/backlog/export"
            assert route["security"] == ([{"token": []}] if needs_token else [{}, {"token": []}]), path
            for field in route.get("parameters", []):
                is_plain = field["name"] in ("limit", "since", "until")
                assert field.get("description") or is_plain, (path, field["name"])


def test_answers_are_what_the_document_says(about: dict[str, Any], client: TestClient) -> None:
    items = client.get("/api/backlog").json()
    mention = client.get("/api/evidence", params={"label": "moments.delivery"}).json()[0]["mention_id"]
    names = {"{item}": items[0]["item_id"], "{mention}": mention}
    for path, how in ASKED.items():
        if path in ELSEWHERE:
            continue
        url = path.partition("{")[0] + how if how and "{" in path and "rows" not in path else path + (how or "")
        for place, name in names.items():
            url = url.replace(place, name)
        response = client.get("/api/views/evidence/rows" if "rows" in path else url, headers=HEADER)
        assert response.status_code == 200, (path, response.text)
        ((media, told),) = about["paths"][path]["get"]["responses"]["200"]["content"].items()
        assert response.headers["content-type"] == media
        if media != "application/json":
            assert "attachment" in response.headers["content-disposition"]
            continue
        schema = told["schema"]
        Draft202012Validator(schema).validate(response.json())


def test_there_is_a_page_of_it_that_fetches_nothing(client: TestClient, about: dict[str, Any]) -> None:
    page = client.get("/api")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert all(path in page.text for path in about["paths"])


def test_every_command_of_the_terminal_is_there_or_says_why_not() -> None:
    names = set(reference.names())
    assert {"run", "backlog list", "themes pin", "secret rotate"} <= names
    assert names == {*reference.ROUTES, *JOBS, *reference.LEFT_OUT}
    assert not reference.LEFT_OUT.keys() & {*reference.ROUTES, *JOBS}
    paths = document(reference.described())["paths"]
    routes = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert set(reference.ROUTES.values()) <= routes


def test_the_page_of_the_docs_is_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["reference", str(tmp_path / "api.md")])
    reference.main()
    assert (tmp_path / "api.md").read_text("utf-8") == (DOCS / "api.md").read_text("utf-8"), (
        "run `python -m cxnlp.cli.reference docs/api.md`"
    )
