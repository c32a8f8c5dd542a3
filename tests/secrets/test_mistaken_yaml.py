"""Secrets of a text that would be YAML or JSON, but for a mistake in it."""

from __future__ import annotations

import pytest

from hyperv_net.errors import HypervNetError
from hyperv_net.netconfig.yaml_text import read_yaml
from hyperv_net.secrets.masking import masked

SECRET = "hunter22secret"
#: What no reader of YAML takes: a mapping that begins twice, a bracket that nothing closes.
MISTAKES = ("a: 1\n  b: 2\n", "c: [1,\n")


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize(
    "said",
    [
        f'x: {{"password": "{SECRET}"}}\n',
        f'{{"wifis": {{"w": {{"password": "{SECRET}"}}}}, "version": 2}}\n',
        f'x:\n  "password": "{SECRET}"\n',
        f"x:\n  'password': {SECRET}\n",
        f"x:\n  'password': '{SECRET}', y: 1\n",
        f"x:\n  password:\n    {SECRET}\n",
        f'x:\n  "password":\n    "{SECRET}"\n',
        f"x:\n  password: |\n    {SECRET}\n",
        f"x:\n  w: {{auth: {{password: >-\n     {SECRET}\n     , y: 1}}}}\n",
    ],
)
def test_a_secret_is_hidden_however_its_key_is_written(said: str, mistake: str) -> None:
    text = said + mistake
    with pytest.raises(HypervNetError):
        read_yaml(text, "net.yaml")
    shown = masked(text)
    assert SECRET not in shown
    assert len(shown.splitlines()) == len(text.splitlines())
    assert shown.endswith(mistake)


def test_what_stands_below_the_secret_and_is_not_of_it_is_shown() -> None:
    text = f"x:\n  password:\n    {SECRET}\n  mtu: 9000\ny: [\n"
    assert "  mtu: 9000\n" in masked(text)
