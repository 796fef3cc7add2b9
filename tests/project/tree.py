"""The project's own files, and what its modules import, as read from their source."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RINGS = ("knowledge", "tools", "bot")  # from the inside out
SCRIPTS = ROOT / "tools" / "store" / "migrations"  # Alembic runs these; they belong to no package


@dataclass(frozen=True)
class Import:
    """One import: `name` is what is taken from `module` (empty: the whole), `alias` what it is called here."""

    module: str
    name: str = ""
    alias: str = ""
    line: int = 0

    @property
    def package(self) -> str:
        """The first part of the module's name."""
        return self.module.partition(".")[0]

    @property
    def full(self) -> str:
        """The name as one string; a module taken from its package reads like any other module."""
        return f"{self.module}.{self.name}" if self.name else self.module


@dataclass(frozen=True)
class Module:
    """One source file of the rings."""

    path: Path
    name: str

    @property
    def ring(self) -> str:
        """Which of the rings it stands in."""
        return self.name.partition(".")[0]

    @property
    def shown(self) -> str:
        """The path as people write it."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def tree(self) -> ast.Module:
        """The parsed source."""
        return _parsed(self.path)

    @property
    def imports(self) -> list[Import]:
        """Everything it imports, at the top, inside functions and for type checkers alone."""
        return imports_of(self.tree, self.name, is_package=self.path.name == "__init__.py")


@cache
def modules() -> tuple[Module, ...]:
    """Every Python file of the rings."""
    return tuple(
        Module(path, ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
        for ring in RINGS
        for path in sorted((ROOT / ring).rglob("*.py"))
    )


def imports_of(tree: ast.Module, name: str = "", *, is_package: bool = False) -> list[Import]:
    """The imports of a parsed source, those by name in a string included; relative ones are resolved for `name`."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                found += [Import(alias.name, "", alias.asname or "", node.lineno) for alias in names]
            case ast.ImportFrom(module=module, names=names, level=level):
                parents = name.split(".")[: len(name.split(".")) - level + is_package] if level else []
                source = ".".join([*parents, *([module] if module else [])])
                found += [Import(source, alias.name, alias.asname or alias.name, node.lineno) for alias in names]
            case ast.Call(func=function, args=[ast.Constant(value=str() as module), *_]):
                if ast.unparse(function) in ("import_module", "importlib.import_module", "__import__"):
                    found.append(Import(module, line=node.lineno))
    return found


def inside(name: str, packages: tuple[str, ...]) -> bool:
    """Whether a dotted name is one of these packages, or stands in one of them."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def files() -> Iterator[Path]:
    """Every file of the project: all that `.gitignore` does not name."""
    ignored = [".git", *(line.rstrip("/") for line in (ROOT / ".gitignore").read_text("utf-8").split())]

    def below(folder: Path) -> Iterator[Path]:
        for path in sorted(folder.iterdir()):
            if any(fnmatch(path.name, pattern) for pattern in ignored):
                continue
            if path.is_dir():
                yield from below(path)
            else:
                yield path

    return below(ROOT)


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))
