"""The OpenAPI document is valid, says everything, and what is answered is what it says."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.openapi.models import OpenAPI
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from cxnlp.serve import reference

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
    "/api/views/{view}": "evidence", "/api/views/{view}/rows": "evidence",
}  # fmt: skip


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
            assert route["security"] == ([{"token": []}] if method == "post" else [{}, {"token": []}])
            for field in route.get("parameters", []):
                is_plain = field["name"] in ("limit", "since", "until")
                assert field.get("description") or is_plain, (path, field["name"])


def test_answers_are_what_the_document_says(about: dict[str, Any], client: TestClient) -> None:
    items = client.get("/api/backlog").json()
    mention = client.get("/api/evidence", params={"label": "moments.delivery"}).json()[0]["mention_id"]
    names = {"{item}": items[0]["item_id"], "{mention}": mention}
    for path, how in ASKED.items():
        if path == "/api/themes/{theme}":
            continue  # the eight weeks have no themes; tests/themes shows one
        url = path.partition("{")[0] + how if how and "{" in path and "rows" not in path else path + (how or "")
        for place, name in names.items():
            url = url.replace(place, name)
        response = client.get("/api/views/evidence/rows" if "rows" in path else url)
        assert response.status_code == 200, (path, response.text)
        schema = about["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        Draft202012Validator(schema).validate(response.json())


def test_there_is_a_page_of_it_that_fetches_nothing(client: TestClient, about: dict[str, Any]) -> None:
    page = client.get("/api")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert all(path in page.text for path in about["paths"])


def test_the_page_of_the_docs_is_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["reference", str(tmp_path / "api.md")])
    reference.main()
    assert (tmp_path / "api.md").read_text("utf-8") == (DOCS / "api.md").read_text("utf-8"), (
        "run `python -m cxnlp.serve.reference docs/api.md`"
    )
