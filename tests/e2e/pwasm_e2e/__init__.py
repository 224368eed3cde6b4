"""Runs plugins in the official Envoy, for the end-to-end tests and for scripts/demo.

A test takes a fixture of plugin.py: `envoy_example` is a running Envoy with the envoy.yaml beside
the test, `start_envoy` starts others. Both give an Envoy of envoy.py.
"""

from .envoy import Envoy, EnvoyError

__all__ = ["Envoy", "EnvoyError"]
