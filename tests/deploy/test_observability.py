"""The dashboard and the alerts name metrics that there are, and Prometheus takes them."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.deploy import DEPLOY, program

METRICS = {
    "calfeed_upstream_calls_total": {"outcome"},
    "calfeed_upstream_calls_left": set(),
    "calfeed_data_age_seconds": {"collection"},
    "calfeed_data_records": {"collection"},
    "calfeed_data_complete_ratio": {"collection"},
    "calfeed_data_doubted_records": {"collection"},
    "calfeed_store_trouble": set(),
    "calfeed_feeds_rendered_total": {"form"},
    "calfeed_feed_answers_total": {"cache"},
    "calfeed_request_duration_seconds": {"route", "status"},
}
"""Every metric, a histogram without the endings of its series, and its labels."""
GIVEN = {"job", "instance"}
"""Labels that Prometheus gives to every metric."""
HISTOGRAM = re.compile(r"_(?:bucket|sum|count)$")
METRIC = re.compile(r"\b(calfeed_\w+)(?:\{([^}]*)\})?")
LABEL = re.compile(r'(\w+)\s*[=!]~?\s*"')


def selected(text: str) -> dict[str, set[str]]:
    """The metrics of expressions, and the labels by which they are chosen."""
    found: dict[str, set[str]] = {}
    for name, chosen in METRIC.findall(text):
        metric = name if name in METRICS else HISTOGRAM.sub("", name)
        found.setdefault(metric, set()).update(set(LABEL.findall(chosen)) - {"le"})
    return found


def expressions() -> str:
    """Everything that the dashboard asks Prometheus."""
    dashboard = json.loads((DEPLOY / "grafana" / "calfeed.json").read_text(encoding="utf-8"))
    panels = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    choices = [choice["definition"] for choice in dashboard["templating"]["list"][1:]]
    return "\n".join(panels + choices)


def alerts() -> str:
    return (DEPLOY / "prometheus" / "alerts.yml").read_text(encoding="utf-8")


def promtool(*arguments: str | Path) -> None:
    done = subprocess.run(
        [program("promtool"), *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_takes_the_configuration_and_the_rules() -> None:
    promtool("check", "config", DEPLOY / "prometheus" / "prometheus.yml")


def test_alerts_fire_when_they_should_and_not_before() -> None:
    promtool("test", "rules", Path(__file__).parent / "alerts.yml")


def test_every_alert_is_tried() -> None:
    tried = (Path(__file__).parent / "alerts.yml").read_text(encoding="utf-8")
    for name in re.findall(r"- alert: (\w+)", alerts()):
        assert re.search(rf"alertname: {name}\n        exp_alerts:", tried), name


def test_the_dashboard_shows_every_metric_and_no_other() -> None:
    assert set(selected(expressions())) == set(METRICS)


@pytest.mark.parametrize("text", [expressions(), alerts()], ids=["dashboard", "alerts"])
def test_metrics_have_the_labels_by_which_they_are_chosen(text: str) -> None:
    for metric, labels in selected(text).items():
        assert metric in METRICS
        assert labels <= METRICS[metric] | GIVEN, metric


def test_no_two_panels_lie_on_each_other() -> None:
    dashboard = json.loads((DEPLOY / "grafana" / "calfeed.json").read_text(encoding="utf-8"))
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"])
                 for y in range(at["y"], at["y"] + at["h"])}  # fmt: skip
        assert not taken & cells, panel["title"]
        taken |= cells
