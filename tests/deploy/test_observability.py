"""The dashboard and the alerts name metrics that there are, and Prometheus takes them."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import pytest_asyncio
from prometheus_client.parser import text_string_to_metric_families

from tests.deploy import DEPLOY, program
from tests.support.service import filled, known

Metrics = dict[str, set[str]]
"""Metrics, a histogram without the endings of its series, each with its labels."""
GIVEN = {"job", "instance"}
"""Labels that Prometheus gives to every metric."""
HISTOGRAM = re.compile(r"_(?:bucket|sum|count)$")
METRIC = re.compile(r"\b(calfeed_\w+)(?:\{([^}]*)\})?")
LABEL = re.compile(r'(\w+)\s*[=!]~?\s*"')


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def metrics() -> Metrics:
    """What a service tells that has fetched something and answered something."""
    async with filled(known()) as service:
        await service.ask("/feeds/nasa.ics")
        await service.ask("/metrics")
        told = (await service.ask("/metrics")).body.decode()
    return {
        family.name + "_total" * (family.type == "counter"): {
            label for sample in family.samples for label in sample.labels
        } - {"le"}
        for family in text_string_to_metric_families(told)
        if family.name.startswith("calfeed_") and not family.name.endswith("_created")
    }  # fmt: skip


def selected(text: str, metrics: Metrics) -> Metrics:
    """The metrics of expressions, and the labels by which they are chosen."""
    found: Metrics = {}
    for name, chosen in METRIC.findall(text):
        metric = name if name in metrics else HISTOGRAM.sub("", name)
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


def test_the_dashboard_shows_every_metric_and_no_other(metrics: Metrics) -> None:
    assert set(selected(expressions(), metrics)) == set(metrics)
    assert len(metrics) > 9


@pytest.mark.parametrize("text", [expressions(), alerts()], ids=["dashboard", "alerts"])
def test_metrics_have_the_labels_by_which_they_are_chosen(text: str, metrics: Metrics) -> None:
    for metric, labels in selected(text, metrics).items():
        assert metric in metrics
        assert labels <= metrics[metric] | GIVEN, metric


def test_no_two_panels_lie_on_each_other() -> None:
    dashboard = json.loads((DEPLOY / "grafana" / "calfeed.json").read_text(encoding="utf-8"))
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"])
                 for y in range(at["y"], at["y"] + at["h"])}  # fmt: skip
        assert not taken & cells, panel["title"]
        taken |= cells
