"""Which sentences the engine says to the user, read out of its sources."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

T = TypeVar("T", bound=ast.AST)
ENGINE = Path(__file__).parents[2] / "engine"
# The command line speaks English, and only it trains.
NOT_SEEN_IN_THE_WINDOW = ("cli", "training")
# `_LineError` says what is wrong with a caption file; CaptionsError repeats it.
SPEAKERS = {"UnreadablePhoto": 0, "Broken": 0, "_ask_twice": 1, "failures.add": 2, "_LineError": 1}
# Functions whose answer is shown, by module.
ANSWERS = {
    "models/recommending.py": {
        *("recommend", "_openclip", "_beit3", "_known", "_time"),
        *("_short_of_memory", "_short_of_card", "_short_of_disk"),
    },
    "search/wording.py": {"reason", "nobody_asked"},
}
# Sentences on their way from elsewhere: they stand where they were said first.
PASSED_ON = {
    "answer.sentence",
    "answer.reason",
    "str(error)",
    "nobody_asked(left_out.values())",
    "nobody_asked(worded.wording.left_out.values())",
    "dies",  # see _ask_twice
}


@dataclass(frozen=True)
class Said:
    """A sentence; each value put into it is a marker ⟦0⟧, ⟦1⟧, ..."""

    where: str
    sentence: str
    values: int


def said() -> Iterator[Said]:
    """Everything that an error or a failed photo says outside of what the window cannot reach."""
    for path in sorted(ENGINE.rglob("*.py")):
        if path.relative_to(ENGINE).parts[0] not in NOT_SEEN_IN_THE_WINDOW:
            yield from _Module(path).said()


class _Module:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.tree = ast.parse(path.read_text())

    def said(self) -> Iterator[Said]:
        for call in _nodes(self.tree, ast.Call):
            position = _position(call)
            if position is not None and len(call.args) > position:
                yield from self._spoken(call.args[position])
        for function in _nodes(self.tree, ast.FunctionDef):
            if function.name in ANSWERS.get(self.path.relative_to(ENGINE).as_posix(), ()):
                yield from self._written(function)

    def _written(self, function: ast.FunctionDef) -> Iterator[Said]:
        """Every sentence that stands in a function, be it within a list or a tuple."""
        whole: list[ast.Constant | ast.JoinedStr] = [*_nodes(function, ast.JoinedStr)]
        pieces = {id(part) for text in whole for part in ast.walk(text)}
        texts = [c for c in _nodes(function, ast.Constant) if isinstance(c.value, str)]
        alone = [text for text in texts if id(text) not in pieces]
        for said in map(self._sentence, [*whole, *alone]):
            is_sentence = re.search(r"[a-z] [a-z]", said.sentence) and "%s" not in said.sentence
            if is_sentence and said.sentence != ast.get_docstring(function, clean=False):
                yield replace(said, sentence=said.sentence.replace("{}", "⟦0⟧"))

    def _spoken(self, expression: ast.expr) -> Iterator[Said]:
        if isinstance(expression, ast.Constant | ast.JoinedStr):
            yield self._sentence(expression)
        elif isinstance(expression, ast.IfExp):
            yield from self._spoken(expression.body)
            yield from self._spoken(expression.orelse)
        elif isinstance(expression, ast.Name) and expression.id not in PASSED_ON:
            for value in self._assigned(expression.id):
                yield from self._spoken(value)
        elif (
            isinstance(expression, ast.Call)
            and isinstance(expression.func, ast.Name)
            and (function := self._function(expression.func.id))
        ):
            for node in _nodes(function, ast.Return):
                assert node.value
                yield from self._spoken(node.value)
        elif ast.unparse(expression) not in PASSED_ON:
            raise AssertionError(f"{self._where(expression)}: what does this say?")

    def _sentence(self, expression: ast.Constant | ast.JoinedStr) -> Said:
        parts = [expression] if isinstance(expression, ast.Constant) else expression.values
        sentence, values = "", 0
        for part in parts:
            if isinstance(part, ast.Constant):
                sentence += str(part.value)
            else:
                sentence, values = f"{sentence}⟦{values}⟧", values + 1
        return Said(self._where(expression), sentence, values)

    def _assigned(self, name: str) -> list[ast.expr]:
        trees = [self.tree, *map(_module, self._imported_from(name))]
        values = [
            node.value
            for tree in trees
            for node in _nodes(tree, ast.Assign)
            if any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
        ]
        assert values, f"{self.path.name}: where does {name} come from?"
        return values

    def _imported_from(self, name: str) -> list[str]:
        return [
            str(node.module)
            for node in _nodes(self.tree, ast.ImportFrom)
            if any(alias.name == name for alias in node.names)
        ]

    def _function(self, name: str) -> ast.FunctionDef | None:
        functions = _nodes(self.tree, ast.FunctionDef)
        return next((node for node in functions if node.name == name), None)

    def _where(self, node: ast.expr) -> str:
        return f"{self.path.relative_to(ENGINE)}:{node.lineno}: {ast.unparse(node)}"


def _position(call: ast.Call) -> int | None:
    """Which argument of a call is said to the user, if any."""
    name = ast.unparse(call.func)
    if name in ERRORS:
        return 0
    return next((at for speaker, at in SPEAKERS.items() if name.endswith(speaker)), None)


def _errors() -> set[str]:
    """The names of EngineError and everything derived from it."""
    found, grown = {"EngineError"}, True
    classes = [
        node
        for path in ENGINE.rglob("*.py")
        for node in _nodes(ast.parse(path.read_text()), ast.ClassDef)
    ]
    while grown:
        derived = {c.name for c in classes if found & {ast.unparse(base) for base in c.bases}}
        grown = not derived <= found
        found |= derived
    return found


def _module(name: str) -> ast.AST:
    return ast.parse(ENGINE.parent.joinpath(*name.split(".")).with_suffix(".py").read_text())


def _nodes(tree: ast.AST, kind: type[T]) -> list[T]:
    return [node for node in ast.walk(tree) if isinstance(node, kind)]


ERRORS = _errors()
