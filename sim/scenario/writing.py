"""Values as YAML text, as a person would write them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML


def yaml_text(values: Mapping[str, Any]) -> str:
    """Return `values` as block-style YAML."""
    yaml = YAML(pure=True)
    yaml.default_flow_style = False
    text = io.StringIO()
    yaml.dump(dict(values), text)
    return text.getvalue()
