"""A view is made again when what it reads has changed, and where it cannot have changed it is not."""

import pytest

from cxnlp.warehouse.dependencies import changed_views


@pytest.mark.parametrize(
    ("changed", "among", "not_among"),
    [
        pytest.param({"backlog": {"state"}}, {"moment_diagnostics", "plan_moments", "backlog_clock_summary"},
                     {"evidence", "moments", "theme_evidence"}, id="views of views"),
        pytest.param({"backlog": {"note"}}, {"backlog_clock"}, {"moment_diagnostics"}, id="all columns are taken over"),
        pytest.param({"backlog_events": None}, {"backlog_clock"}, {"moment_diagnostics"}, id="rows came"),
        pytest.param({"taxonomy": {"owner"}}, {"open_alerts", "plan_moments"}, {"evidence", "moments"}, id="a column"),
        pytest.param({"taxonomy": {"name"}}, {"evidence", "champions", "moments"}, {"fix_effects"}, id="much read"),
        pytest.param({"targets": {"target"}}, {"moment_targets"}, {"plan_moments"}, id="one view"),
        pytest.param({}, set(), {"moments"}, id="nothing"),
    ],
)  # fmt: skip
def test_what_is_touched(changed: dict[str, set[str] | None], among: set[str], not_among: set[str]) -> None:
    found = changed_views(changed)
    assert among <= found
    assert not found & not_among
