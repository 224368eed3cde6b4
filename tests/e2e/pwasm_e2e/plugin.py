"""The pytest fixtures, and what keeps the logs of a failed test."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from . import config
from .envoy import Envoy, EnvoyError

LOGS = config.REPO_ROOT / "build" / "e2e-logs"

StartEnvoy = Callable[..., Envoy]

_ENVOYS = pytest.StashKey[list[Envoy]]()
_FAILED = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--requests",
        type=int,
        default=4000,
        help="how many requests test_stress.py sends (default: %(default)s)",
    )


@pytest.fixture
def num_requests(request: pytest.FixtureRequest) -> int:
    """How many requests a long test is to send: the option --requests."""
    return int(request.config.getoption("--requests"))


@pytest.fixture
def start_envoy(request: pytest.FixtureRequest) -> Iterator[StartEnvoy]:
    """A function that starts an Envoy for this test: start_envoy(config, **options of Envoy).

    The configuration is a dict, or the path of an envoy.yaml relative to the repository's root.
    Afterwards every Envoy must still run, exit cleanly, and not have complained of a plugin; a test
    that provokes such complaints sets `expect_failures=True`.
    """
    item = request.node
    directory = LOGS / re.sub(r"[^\w.-]+", "_", f"{request.path.stem}.{item.name}").rstrip("_")
    shutil.rmtree(directory, ignore_errors=True)
    envoys: list[Envoy] = []
    item.stash[_ENVOYS] = envoys
    to_check: list[Envoy] = []

    def start(
        source: config.Config | str | Path, *, expect_failures: bool = False, **options: Any
    ) -> Envoy:
        settings = source if isinstance(source, dict) else config.load(config.REPO_ROOT / source)
        name = f"envoy-{len(envoys) + 1}" if envoys else "."
        try:
            envoy = Envoy(settings, directory / name, **options)
        except config.ConfigError as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None
        envoys.append(envoy)
        envoy.start()
        if not expect_failures:
            to_check.append(envoy)
        return envoy

    yield start

    problems = []
    for envoy in envoys:
        survived = envoy.running
        exit_code = envoy.stop()
        if envoy not in to_check:
            continue
        problems += envoy.failures
        if not survived or exit_code != 0:
            what = "did not exit cleanly" if survived else "crashed"
            problems.append(f"Envoy {what}: exit code {exit_code}")
    if problems:
        pytest.fail(
            "\n".join([*problems, f"Envoy's log and configuration: {directory}"]), pytrace=False
        )
    if not item.stash.get(_FAILED, False):
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def envoy_example(request: pytest.FixtureRequest, start_envoy: StartEnvoy) -> Envoy:
    """A running Envoy with the envoy.yaml in the folder of the test."""
    return start_envoy(request.path.parent / "envoy.yaml")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds the end of Envoy's log, and where all of it is, to the report of a failed test."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
        shown_already = call.excinfo is not None and call.excinfo.errisinstance(EnvoyError)
        for envoy in item.stash.get(_ENVOYS, []):
            if envoy.log_path.exists():
                tail = "" if shown_already else envoy.log_tail()
                report.sections.append((f"Envoy's log, all of it in {envoy.directory}", tail))
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if terminalreporter.stats.get("skipped"):
        terminalreporter.section("skipped tests are not allowed", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A skipped test is a gap that nobody sees: it fails the run."""
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.exitstatus == pytest.ExitCode.OK and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
