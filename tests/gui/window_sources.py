"""What the sources of the window say to the user, read without Qt's own tool."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
WINDOW = ROOT / "gui"
TRANSLATING = {"tr", "translate", "QT_TRANSLATE_NOOP"}
# Calls whose texts are seen or read aloud.
SHOWING = {
    *("setText", "setToolTip", "setWindowTitle", "setPlaceholderText", "setTitle", "setStatusTip"),
    *("setAccessibleName", "setAccessibleDescription", "setWhatsThis", "setInformativeText"),
    *("setDetailedText", "setLabelText", "setTabText", "setItemText", "setSuffix", "setPrefix"),
    *("setSpecialValueText", "setHeaderLabels", "setHorizontalHeaderLabels", "setTitleText"),
    *("addAction", "addMenu", "addTab", "addItem", "addItems", "addRow", "addButton", "addSection"),
    *("drawText", "showText", "showMessage", "tell", "setName", "information", "warning"),
    *("question", "critical", "about", "getExistingDirectory", "getOpenFileName"),
    *("getOpenFileNames", "getSaveFileName", "getText", "getItem"),
    *("QLabel", "QPushButton", "QToolButton", "QAction", "QCheckBox", "QRadioButton", "QGroupBox"),
    *("QMenu", "QDockWidget", "QMessageBox", "QCommandLinkButton", "QListWidgetItem"),
}
LOGGERS = {"logger"}  # the log is read by developers
# Names, the same in every language.
NAMES = {"Ảnh Ơi", "OpenCLIP", "BEiT3", "CSV", "JSON", "EXIF", "GPS", "R@1", "R@5", "R@10"}


@dataclass(frozen=True)
class Text:
    """A text that is translated.

    Attributes:
        path: of its file.
        where: for people.
        context: None where it is not named by a literal.
        source: None where it is looked up in a table.
    """

    path: Path
    where: str
    context: str | None
    source: str | None


def trees() -> Iterator[tuple[Path, ast.Module]]:
    """All sources of the window."""
    for path in sorted(WINDOW.rglob("*.py")):
        yield path.relative_to(ROOT), ast.parse(path.read_text())


def translated_texts() -> Iterator[Text]:
    """Everything that goes through tr or translate."""
    for path, tree in trees():
        yield from _translated(tree, path, None)


def _translated(node: ast.AST, path: Path, class_name: str | None) -> Iterator[Text]:
    for child in ast.iter_child_nodes(node):
        inside = child.name if isinstance(child, ast.ClassDef) else class_name
        if isinstance(child, ast.Call) and _called(child) in TRANSLATING and child.args:
            yield _text(child, path, class_name)
        yield from _translated(child, path, inside)


def _text(call: ast.Call, path: Path, class_name: str | None) -> Text:
    where = f"{path}:{call.lineno}: {ast.unparse(call)}"
    if _called(call) == "tr":
        context = class_name if ast.unparse(call.func) == "self.tr" else None
        return Text(path, where, context, _literal(call.args[0]))
    return Text(path, where, _literal(call.args[0]), _literal(call.args[1]))


def untranslated_texts() -> Iterator[str]:
    """Where a text is shown as it stands in the source."""
    for path, tree in trees():
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or _called(call) not in SHOWING:
                continue
            if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) in LOGGERS:
                continue
            for argument in _texts_of(call):
                for text in _shown(argument):
                    if _has_words(text):
                        yield f"{path}:{call.lineno}: {text!r} in {ast.unparse(call)}"


def _texts_of(call: ast.Call) -> list[ast.expr]:
    if _called(call) == "addItem" and len(call.args) > 1:  # what belongs to the item is not seen
        return call.args[:-1]
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def _shown(node: ast.AST) -> Iterator[str]:
    """The literals in an expression that become part of its text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        literals = (part.value for part in node.values if isinstance(part, ast.Constant))
        yield "".join(map(str, literals))
    elif isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "join"):
            yield from _shown(node.func.value)
            for argument in node.args:
                yield from _shown(argument)
    elif not isinstance(node, ast.Subscript | ast.Lambda | ast.Compare):
        for child in ast.iter_child_nodes(node):
            yield from _shown(child)


def _has_words(text: str) -> bool:
    plain = re.sub(r"<[^>]*>|&\w+;|{\w*}", " ", text).strip(" :–·—")
    return plain not in NAMES and bool(re.search(r"[^\W\d_]{2,}", plain))


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
