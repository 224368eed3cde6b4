"""Envoy's configuration: an envoy.yaml as a dict, and how a test changes it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

Config = dict[str, Any]

REPO_ROOT = Path(__file__).resolve().parents[3]

_THIS_MACHINE = {"127.0.0.1", "0.0.0.0", "localhost", "::1", "::"}


class ConfigError(Exception):
    """The configuration cannot work; the message tells what to do about it."""


def load(path: Path) -> Config:
    """Reads an envoy.yaml."""
    with path.open(encoding="utf-8") as file:
        config = yaml.safe_load(file)
    if not isinstance(config, dict):
        raise ConfigError(f"{path} is not an Envoy configuration")
    return config


def save(config: Config, path: Path) -> None:
    """Writes a configuration in a form that people can read."""
    path.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")


def set_module(wasm_config: Config, name: str) -> None:
    """Makes a filter's `config`, as wasm_filter() gives it, load another module of build/wasm."""
    wasm_config["vm_config"]["code"] = {"local": {"filename": f"build/wasm/{name}.wasm"}}


def wasm_filter(config: Config, listener: str) -> Config:
    """The `config` of the first Wasm HTTP filter of a listener, to be changed in place."""
    for candidate in config["static_resources"]["listeners"]:
        if candidate["name"] == listener:
            for node in _dicts(candidate):
                if "vm_config" in node:
                    return node
    raise ConfigError(f"the listener {listener} has no Wasm filter")


def check_modules(config: Config) -> None:
    """Raises ConfigError if a module that the configuration loads was not built."""
    modules = {code["filename"] for code in _local_code(config)}
    missing = sorted(module for module in modules if not (REPO_ROOT / module).is_file())
    if missing:
        raise ConfigError(f"{', '.join(missing)} not found: run scripts/build first")


def listening_ports(config: Config) -> list[int]:
    """The ports that Envoy will listen on: those of its listeners, and admin's."""
    resources = config.get("static_resources", {})
    listeners = [listener["address"] for listener in resources.get("listeners", [])]
    addresses = [*listeners, config["admin"]["address"]]
    return [address["socket_address"]["port_value"] for address in addresses]


def move_ports(config: Config, ports: dict[int, int]) -> Config:
    """A copy in which listeners, and clusters on this machine, have the ports that `ports` gives.

    Clusters elsewhere keep theirs.
    """
    moved = copy.deepcopy(config)
    for node in _dicts(moved):
        address = node.get("socket_address", {})
        if address.get("address") in _THIS_MACHINE and address.get("port_value") in ports:
            address["port_value"] = ports[address["port_value"]]
    return moved


def _local_code(config: Config) -> Iterator[Config]:
    """Every `local` of a Wasm extension's code that names a module file."""
    for node in _dicts(config):
        code = node.get("code")
        if isinstance(code, dict) and "filename" in code.get("local", {}):
            yield code["local"]


def _dicts(node: Any) -> Iterator[Config]:
    """Every dict at and below `node`."""
    if isinstance(node, dict):
        yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from _dicts(child)
