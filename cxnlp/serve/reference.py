"""The API described: the OpenAPI document, the page ``/api`` and docs/api.md, all of them from the routes.

The last is written by ``python -m cxnlp.cli.reference docs/api.md``.
"""

from itertools import groupby
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

_TOKEN: Final = "token"  # noqa: S105 - the scheme's name


def document(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document of an application."""
    if app.openapi_schema is None:
        made = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes,
            openapi_version="3.1.0",
        )  # fmt: skip
        for methods in made["paths"].values():
            for route in methods.values():
                route.setdefault("security", [{}, {_TOKEN: []}])
                route["operationId"] = route["operationId"].partition("_api_")[0]
        app.openapi_schema = made
    return app.openapi_schema


def told(about: dict[str, Any]) -> dict[str, Any]:
    """Return what people read of an OpenAPI document: routes by their tags, with what they take."""
    routes = [
        _route(path, method, route, about)
        for path, methods in about["paths"].items()
        for method, route in methods.items()
    ]  # fmt: skip
    tags = list(dict.fromkeys(route["tag"] for route in routes))
    routes.sort(key=lambda route: tags.index(route["tag"]))
    groups = [(tag, list(some)) for tag, some in groupby(routes, key=lambda route: str(route["tag"]))]
    return {"about": about["info"]["description"], "groups": groups}


def markdown(about: dict[str, Any]) -> str:
    """Return the page of the docs."""
    lines = ["# The API", "", "<!-- Made by `python -m cxnlp.cli.reference docs/api.md`. -->", "",
             "JSON over HTTP, from `cxnlp serve` ([serve.md](serve.md)). Answers are those of the commands' `--json`; "
             "`/openapi.json` says their columns.", ""]  # fmt: skip
    for tag, routes in told(about)["groups"]:
        lines += [f"## {tag.capitalize()}", "", "| route | what it answers | takes |", "|---|---|---|"]
        for route in routes:
            takes = ", ".join(f"`{field['name']}`" + (" (needed)" if field["is_needed"] else "")
                              for field in route["fields"] if not field["is_in_path"])  # fmt: skip
            token = " Needs the token." if route["needs_token"] else ""
            says = " ".join(route["says"].split()).replace("|", "\\|")
            lines.append(f"| `{route['method']} {route['path']}` | {says}{token} | {takes} |")
        lines.append("")
    return "\n".join(lines)


def _route(path: str, method: str, route: dict[str, Any], about: dict[str, Any]) -> dict[str, Any]:
    fields = [
        {"name": each["name"], "says": each.get("description", ""), "is_needed": each.get("required", False),
         "is_in_path": each["in"] == "path"}
        for each in route.get("parameters", [])
    ]  # fmt: skip
    if body := route.get("requestBody", {}).get("content", {}).get("application/json"):
        name = body["schema"]["$ref"].rpartition("/")[2]
        schema = about["components"]["schemas"][name]
        fields += [
            {"name": key, "says": each.get("description", ""), "is_needed": key in schema.get("required", []),
             "is_in_path": False}
            for key, each in schema["properties"].items()
        ]  # fmt: skip
    return {"path": path, "method": method.upper(), "says": route.get("description") or route["summary"],
            "tag": route["tags"][0], "fields": fields, "needs_token": {} not in route["security"]}  # fmt: skip
