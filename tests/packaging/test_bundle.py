"""What the packaged program is made of, as far as it can be told without building it."""

import ast
import sys
from importlib.metadata import distribution, version
from importlib.util import find_spec
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.packaging.packaged import ROOT
from tests.packaging.parts import bundle

OURS = {"engine", "gui", "main", "resources"}


def imported() -> set[str]:
    """First names of all that the program's sources import."""
    sources = [ROOT / "main.py", *(ROOT / "engine").rglob("*.py"), *(ROOT / "gui").rglob("*.py")]
    return {
        name.partition(".")[0]
        for source in sources
        for node in ast.walk(ast.parse(source.read_text("utf-8")))
        for name in names_in(node)
    } - OURS


def names_in(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


def only_for_training() -> set[str]:
    """First names of what the extra `train` brings; the packaged program does without."""
    extra = [Requirement(line).name for line in bundle.project()["optional-dependencies"]["train"]]
    return {module for name in extra for module in bundle.modules_of(distribution(name))}


def test_all_that_the_program_imports_is_declared_by_it() -> None:
    direct = {bundle.normal(name) for name in bundle.declared()}
    modules = {
        module
        for name, one in bundle.inside().items()
        if name in direct | {"shiboken6", "pyside6-essentials", "pyside6-addons"}
        for module in bundle.modules_of(one)
    }
    others = imported() - set(sys.stdlib_module_names) - modules
    assert others - only_for_training() <= {"winreg"}


def test_nothing_that_the_program_imports_is_left_out() -> None:
    assert imported() & set(bundle.left_out()) <= only_for_training()


def test_what_only_training_needs_is_left_out() -> None:
    assert only_for_training() <= set(bundle.left_out())


def test_the_developers_tools_are_left_out() -> None:
    left_out = set(bundle.left_out())
    assert {"pytest", "mypy", "hypothesis", "PyInstaller", "importlinter", "pip"} <= left_out
    assert "torch" not in left_out


def test_what_is_named_to_be_left_out_is_there() -> None:
    installed = bundle.LEFT_OUT_DISTRIBUTIONS
    assert all(version(name) for name in installed)
    for module in bundle.LEFT_OUT_MODULES:
        top = module.partition(".")[0]
        assert top in sys.stdlib_module_names or find_spec(top), module
        if "." in module:
            place = Path(*module.split("."))
            site = Path(find_spec(top).origin).parents[1]  # type: ignore[union-attr, arg-type]
            assert (site / place).is_dir() or (site / place).with_suffix(".py").is_file(), module


def test_every_text_tower_of_open_clip_is_taken_in() -> None:
    from engine.models.open_clip import import_open_clip

    import_open_clip()
    from open_clip.hf_configs import arch_dict

    folders = {kind.replace("-", "_") for kind in arch_dict}
    assert folders <= bundle.TRANSFORMERS
    left_out = bundle.left_out()
    for name in bundle.TRANSFORMERS:
        assert not [module for module in left_out if f"transformers.models.{name}." in module]
        assert find_spec(f"transformers.models.{name}"), name


@pytest.mark.parametrize(
    ("name", "out"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", False),
        ("PySide6/Qt/plugins/platforms/libqwayland.so", False),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", False),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", True),
        ("PySide6/plugins/platforms/qwindows.dll", False),
        ("PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so", False),
        ("PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so", True),
        ("PySide6/Qt/plugins/imageformats/libqjpeg.so", False),
        ("PySide6/Qt/plugins/imageformats/libqpdf.so", True),
        ("torchvision/_C.so", True),
        ("torch/lib/libtorch_cpu.so", False),
        ("libstdc++.so.6", True),
    ],
)
def test_plugins_stay_where_people_need_them(name: str, out: bool) -> None:
    assert bool(bundle.LEFT_OUT_LIBRARIES.search(name)) == out


def test_a_torch_for_graphics_cards_is_refused_unless_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch = tmp_path / "torch"
    torch.mkdir()
    (torch / "__init__.py").touch()
    (torch / "version.py").write_text("cuda = '13.0'\n")
    monkeypatch.setattr(bundle, "torch_folder", lambda: torch)
    monkeypatch.delenv("CUDA", raising=False)
    with pytest.raises(SystemExit, match="CUDA=1"):
        bundle.check_torch()
    monkeypatch.setenv("CUDA", "1")
    bundle.check_torch()
    (torch / "version.py").write_text("cuda = None\n")
    monkeypatch.delenv("CUDA")
    bundle.check_torch()


def test_the_sizes_are_told_by_package(tmp_path: Path) -> None:
    for name, size in {
        "anhoi": 3,
        "_internal/torch/lib/a.so": 2_000_000,
        "_internal/numpy/b.py": 5,
        "_internal/numpy.libs/c.so": 1_000_000,
        "_internal/numpy-2.4.6.dist-info/METADATA": 7,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(bytes(size))
    (tmp_path / "_internal" / "c.so").symlink_to("numpy.libs/c.so")
    sizes = bundle.sizes(tmp_path)
    assert sizes == {"torch": 2_000_000, "numpy": 1_000_012, "anhoi": 3}
    assert list(sizes) == ["torch", "numpy", "anhoi"]
