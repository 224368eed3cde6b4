"""Configuration that Envoy reads from files while it runs (file-based xDS)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml

from .config import Config

LISTENER = "type.googleapis.com/envoy.config.listener.v3.Listener"
TYPED_EXTENSION = "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig"


def source(path: Path) -> Config:
    """A ConfigSource that reads `path`, and again when it is replaced."""
    return {
        "resource_api_version": "V3",
        "path_config_source": {
            "path": str(path),
            "watched_directory": {"path": str(path.parent)},
        },
    }


def write(path: Path, type_url: str, resources: list[dict[str, Any]]) -> None:
    """Replaces the file at once: Envoy sees the old or the new content, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    response = {"resources": [{"@type": type_url, **resource} for resource in resources]}
    new = path.with_suffix(".new")
    new.write_text(yaml.safe_dump(response, sort_keys=False), encoding="utf-8")
    os.replace(new, path)
