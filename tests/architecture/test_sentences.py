"""What a person reads goes through `core/translation.py`, as whole sentences."""

from __future__ import annotations

from pathlib import Path

import pytest
from sentences import faults

ROOT = Path(__file__).resolve().parents[2]
# Runs in watched programs, where nobody's language is known; and the translation itself.
APART = ("core/probe/", "core/supervisor/launchpad/", "core/translation.py")


def test_no_sentence_goes_round_the_translation() -> None:
    found = []
    for folder in ("core", "gui"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            where = path.relative_to(ROOT).as_posix()
            if not where.startswith(APART):
                lines = faults(path.read_text(), folder == "gui")
                found += [f"{where}:{line}: {text}" for line, text in lines]
    assert found == []


@pytest.mark.parametrize(
    "sample",
    [
        "x = 'It waits for an item.'",
        "x = f'{count} processes'",
        "x = f'killed by {name}'",
        "x = ('It has ended', 'nobody is left')",
        "def f():\n    return 'waits for ' + name",
        "raise SessionError(f\"'{path}' is no session.\")",
        "box.setText('Processes')",
        "QPushButton('&Stop')",
        "Column('cpu', title='Memory')",
        "FACTS = (('Parent', row.parent), ('Role', row.role))",
        "button.setText('Stop' if live else 'Clear')",
        "tr('waits ' + name)",
        "tr(f'waits for {name}')",
        "tr('one thing' if one else 'two things')",
        "tr('{a} waits', a=f'for {name} and all')",
        "markup('<b>{}</b> waits for it', name)",
    ],
)
def test_the_rule_sees_sentences_wherever_they_stand(sample: str) -> None:
    assert list(faults(sample, window=True))


@pytest.mark.parametrize(
    "sample",
    [
        '"""What this is about."""',
        "def f():\n    '''What it does.'''",
        "tr('It waits for {name}', name=name)",
        "trn('{count} process', '{count} processes', count)",
        "X = {'get': mark('Nobody has put anything into it.')}",
        "db.execute('SELECT id FROM messages WHERE id > ?')",
        "QUERY = 'SELECT id FROM messages'",
        "re.compile('one or more')",
        "assert x, 'this cannot be'",
        "raise ValueError('not a number of a process')",
        "box.setObjectName('Message Log')",
        "SHEET = 'QWidget { color: red; }'",
        "x = role == 'pool worker'",
        "x = key in ('Escape', 'Return')",
        "Row = TypeVar('Row')",
        "x: 'list of things'",
        "markup('<b>{}</b>', name)",
        "path = 'resources/icons/stop.svg'",
        "x = 'debian linux'  # untranslated: a name",
    ],
)
def test_the_rule_passes_over_what_nobody_reads(sample: str) -> None:
    assert not list(faults(sample, window=True))
