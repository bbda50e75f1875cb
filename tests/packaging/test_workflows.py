"""What runs elsewhere is read here: its form, and that all it names is there."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.packaging.packaged import ROOT
from tests.packaging.tools import needs, ran

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
# Of our own folders; what a build makes below dist and build is not there yet.
PATH = re.compile(r"(?<![\w/.*-])(?:packaging|tests|resources|\.venv/bin)(?:/[\w.-]+)+")
SCRIPTS = sorted((ROOT / "packaging").rglob("*.sh"))


def read(workflow: Path) -> Any:  # noqa: ANN401 - whatever it says
    return YAML(typ="safe").load(workflow)


def steps(workflow: Path) -> Iterator[dict[str, Any]]:
    for job in read(workflow)["jobs"].values():
        yield from job["steps"]


def commands(workflow: Path) -> list[str]:
    return [step["run"] for step in steps(workflow) if "run" in step]


def test_there_are_workflows() -> None:
    assert [workflow.name for workflow in WORKFLOWS] == ["ci.yml", "release.yml"]


def test_they_follow_the_schema() -> None:
    checked = ran(
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.github-workflows",
        *WORKFLOWS,
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_every_command_can_be_read_by_the_shell(workflow: Path) -> None:
    needs("bash")
    for command in commands(workflow):
        # What GitHub puts in is one word.
        plain = re.sub(r"\$\{\{.*?\}\}", "word", command)
        checked = ran("bash", "-n", input=plain)
        assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_everything_they_name_is_there(workflow: Path) -> None:
    text = "\n".join(commands(workflow))
    targets = re.findall(r"\bmake ([a-z]+)", text)
    assert set(targets) <= TARGETS
    paths = PATH.findall(text)
    assert targets + paths
    for path in paths:
        assert (ROOT / path).exists(), path
    for step in steps(workflow):
        assert (ROOT / step.get("working-directory", "")).is_dir() or "files" in str(step)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_rights_are_the_least_and_time_is_bounded(workflow: Path) -> None:
    made = read(workflow)
    assert made["permissions"] == {"contents": "read"}
    assert "concurrency" in made
    for name, job in made["jobs"].items():
        assert job["timeout-minutes"] <= 90
        assert ("permissions" in job) == (name == "publish")
    for step in steps(workflow):
        if "uses" in step:
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"])
        if step.get("uses", "").startswith("actions/checkout"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_secrets_and_names_of_others_reach_commands_by_the_environment_alone(
    workflow: Path,
) -> None:
    for command in commands(workflow):
        assert "${{" not in command
        assert "set -x" not in command


def test_every_system_tries_what_it_has_built() -> None:
    jobs = read(FOLDER / "release.yml")["jobs"]
    assert set(jobs["publish"]["needs"]) == {"linux", "windows", "macos"}
    for name in jobs["publish"]["needs"]:
        text = "\n".join(step.get("run", "") for step in jobs[name]["steps"])
        assert "doctor --self-test" in text
        assert "pytest tests/packaging" in text


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_every_script_can_be_read_by_the_shell(script: Path) -> None:
    needs("sh")
    checked = ran("sh", "-n", script)
    assert checked.returncode == 0, checked.stderr
    assert script.read_text("utf-8").startswith("#!/bin/sh\n")
