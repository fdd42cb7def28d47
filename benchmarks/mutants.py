"""Mutants of a module: one small change each, of the kinds that a slip of the keyboard or of thought makes.

Not mutated: texts (messages are held by tests of their own), annotations, decorators, docstrings, and what a repr shows.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn,
    ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
REVERSED = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}
COMPUTED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult,
}  # fmt: skip
CALLED = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list"}
SKIPPED = ("__repr__", "__str__")


@dataclass(frozen=True)
class Mutant:
    """A changed module: where, what became of what, and the whole source."""

    line: int
    was: str
    now: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Yield every mutant of a module's source, in the order of its lines."""
    tree = ast.parse(source)
    for place, node, changed in _all(tree):
        whole = copy.deepcopy(tree)
        _put(whole, place, changed)
        if isinstance(changed, ast.AST) and hasattr(node, "lineno"):
            ast.fix_missing_locations(whole)
        yield Mutant(*_named(node, changed), ast.unparse(whole))


def names(source: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, what was and what became of it for every mutant of a module, in the order of `mutants`, and far sooner."""
    yield from (_named(node, changed) for _, node, changed in _all(ast.parse(source)))


def _all(tree: ast.Module) -> Iterator[tuple[Place, ast.AST, ast.AST]]:
    for place in list(_places(tree)):
        node = _at(tree, place)
        yield from ((place, node, changed) for changed in _changes(node))


def _named(node: ast.AST, changed: ast.AST) -> tuple[int, str, str]:
    line = node.target.lineno if isinstance(node, ast.comprehension) else getattr(node, "lineno", 0)
    return line, ast.unparse(node)[:120], ast.unparse(changed)[:120]


Place = tuple[tuple[str, int | None], ...]


def _places(node: ast.AST, place: Place = ()) -> Iterator[Place]:
    """Yield the way to every node that may be changed."""
    if isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom | ast.Raise | ast.Assert):
        return
    if isinstance(node, ast.FunctionDef) and node.name in SKIPPED:
        return
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    if place:
        yield place
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "args", "bases", "keywords") and not isinstance(node, ast.Call):
            continue
        if isinstance(value, list):
            for i, part in enumerate(value):
                if isinstance(part, ast.AST):
                    yield from _places(part, (*place, (name, i)))
        elif isinstance(value, ast.AST):
            yield from _places(value, (*place, (name, None)))


def _at(node: ast.AST, place: Place) -> ast.AST:
    for name, i in place:
        value = getattr(node, name)
        node = value if i is None else value[i]
    return node


def _put(tree: ast.AST, place: Place, new: ast.AST) -> None:
    parent, (name, i) = _at(tree, place[:-1]), place[-1]
    if i is None:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[i] = new


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what one node may become."""
    new = copy.deepcopy(node)
    match new:
        case ast.Compare(ops=[op]):
            for table in (COMPARED, REVERSED):
                if type(op) in table:
                    yield _with(new, ops=[table[type(op)]()])
        case ast.BoolOp(op=op):
            yield _with(new, op=ast.Or() if isinstance(op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.BinOp(op=op) if type(op) in COMPUTED and not _texts(new):
            yield _with(new, op=COMPUTED[type(op)]())
        case ast.AugAssign(op=op) if type(op) in COMPUTED:
            yield _with(new, op=COMPUTED[type(op)]())
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield ast.Constant(value + 1)
        case ast.If(test=test) | ast.IfExp(test=test):
            yield _with(new, test=ast.UnaryOp(ast.Not(), test))
        case ast.Return(value=value) if value is not None and not (isinstance(value, ast.Constant) and value.value is None):
            yield _with(new, value=ast.Constant(None))
        case ast.Expr(value=ast.Call()):
            yield ast.Pass()
        case ast.comprehension(ifs=[_, *_]):
            yield _with(new, ifs=new.ifs[1:])
        case ast.Call(func=ast.Name(id=name)) if name in CALLED:
            yield _with(new, func=ast.Name(CALLED[name], ast.Load()))


def _texts(node: ast.AST) -> bool:
    return any(isinstance(part, ast.JoinedStr) or (isinstance(part, ast.Constant) and isinstance(part.value, str))
               for part in ast.walk(node))  # fmt: skip


def _with(node: ast.AST, **changes: object) -> ast.AST:
    new = copy.copy(node)
    for name, value in changes.items():
        setattr(new, name, value)
    return new
