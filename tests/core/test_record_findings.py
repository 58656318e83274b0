"""What `record` finds out while TARGET runs never ends the run."""

from __future__ import annotations

from typing import Any, cast

import pytest
from wrong_store import WrongStore

from spawnscope.core.analysis.findings.finder import Finder
from spawnscope.core.analysis.findings.looking import Looking
from spawnscope.core.client.client import Client
from spawnscope.core.client.command_socket import ClientError
from spawnscope.core.record_findings import RecordFindings


def test_a_supervisor_that_has_just_left_ends_the_search_alone() -> None:
    findings = RecordFindings(cast(Client, None))
    asked = []

    def read_all() -> Any:
        asked.append(1)
        raise ClientError("it has ended")

    store = WrongStore()
    findings._looking = Looking(Finder(store, lambda *_: None, read_all, pytest.fail))
    findings.look_now()
    assert asked
    assert findings.due_in is None
    findings.take([])
