"""The card's picture: stated against observed probability, one panel a family."""

import json
from collections.abc import Mapping
from typing import Any, Final

_NAMES: Final = {
    "moment": "moments",
    "sentiment": "sentiment",
    "unmeasurable": "unmeasurables",
    "warning": "warnings",
    "signal": "signals",
}
_LEAST_CASES: Final = 5  # in a bin, for it to be drawn


def reliability(calibration: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plot as a Vega-Lite specification.

    Args:
        calibration: of `cxnlp.quality.reliability.calibration`; bins with fewer than five cases are left out.
    """
    points = [
        {"family": _NAMES[family], "stated": part["stated"], "observed": part["observed"], "n": part["n"]}
        for family, found in calibration.items()
        for part in found["bins"]
        if part["n"] >= _LEAST_CASES
    ]
    unit = {"type": "quantitative", "scale": {"domain": [0, 1]}, "axis": {"values": [0, 0.5, 1]}}
    x, y = ({"field": field, "title": field, **unit} for field in ("stated", "observed"))
    size = {"field": "n", "type": "quantitative", "scale": {"type": "log", "range": [12, 160]}, "title": "cases"}
    panel = {
        "width": 130,
        "height": 130,
        "layer": [
            {
                "data": {"values": [{"stated": 0, "observed": 0}, {"stated": 1, "observed": 1}]},
                "mark": {"type": "line", "color": "#b5b5b5", "strokeDash": [4, 3]},
                "encoding": {"x": x, "y": y},
            },
            {"mark": {"type": "line", "color": "#2a6f97", "opacity": 0.5}, "encoding": {"x": x, "y": y}},
            {
                "mark": {"type": "circle", "color": "#2a6f97", "opacity": 0.9},
                "encoding": {"x": x, "y": y, "size": size},
            },
        ],
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": "white",
        "data": {"values": points},
        "facet": {"field": "family", "sort": list(_NAMES.values()), "title": None},
        "columns": len(_NAMES),
        "spec": panel,
    }


def svg(specification: Mapping[str, Any]) -> str:
    """Draw a Vega-Lite specification; needs the extra "train"."""
    import vl_convert  # type: ignore[import-not-found]

    return str(vl_convert.vegalite_to_svg(json.dumps(specification), vl_version="5.20"))
