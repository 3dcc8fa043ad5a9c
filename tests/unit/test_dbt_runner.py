"""What dbt says while it works: the node under way, and the CPU time of each that ended."""

from __future__ import annotations

import time
from types import SimpleNamespace

from dagster_project.pipeline.dbt_runner import _Watch


def event(name, unique_id="model.outcomes.trends"):
    node = SimpleNamespace(unique_id=unique_id, node_name=unique_id.rsplit(".", 1)[-1])
    return SimpleNamespace(info=SimpleNamespace(name=name), data=SimpleNamespace(node_info=node))


def test_a_node_took_what_the_process_took_from_its_start_to_its_end(monkeypatch):
    clock = iter([2.0, 5.5, 6.0, 6.25])
    monkeypatch.setattr(time, "process_time", lambda: next(clock))
    watch = _Watch()
    for said in (
        event("NodeStart"),
        event("LogStartLine"),
        event("NodeFinished"),
        event("NodeStart", "model.outcomes.headlines"),
        event("NodeFinished", "model.outcomes.headlines"),
    ):
        watch(said)
    assert watch.cpu == {"model.outcomes.trends": 3.5, "model.outcomes.headlines": 0.25}


def test_what_is_said_of_no_node_is_passed_over():
    watch = _Watch()
    watch(SimpleNamespace(info=SimpleNamespace(name="CommandCompleted"), data=SimpleNamespace()))
    assert watch.cpu == {}
