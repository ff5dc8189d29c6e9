"""The architecture as tests: what import-linter cannot see."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "fullcircle"
FILES = sorted(PACKAGE.rglob("*.py"))
NAMES = [str(path.relative_to(PACKAGE)) for path in FILES]


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_file_is_one_idea(path: Path) -> None:
    lines = path.read_text().splitlines()
    limit = 40 if path.name == "__init__.py" else 500
    assert len(lines) <= limit, f"{path.name} has {len(lines)} lines, the limit is {limit}: split it by idea"


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_function_fits_the_eye(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 60, f"{path.name}: {node.name} has {length} lines, the limit is 60"


def test_no_attic() -> None:
    attics = {"utils", "common", "core", "helpers", "misc"}
    found = [path for path in PACKAGE.rglob("*") if path.stem in attics]
    assert not found
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                assert not node.name.endswith(("Manager", "Handler", "Helper", "Impl")), f"{path.name}: {node.name}"


QUERY_TEXT = re.compile(r"\bMATCH\s*\(\w*:?\w*|\bMERGE\s*\(|\bg\.V\(|\.addV\(|\.mergeV\(|(?<!@)PREFIX\s+\w+:\s*<", re.IGNORECASE)


@pytest.mark.parametrize("path", [p for p in FILES if "stores" not in p.parts], ids=str)
def test_query_text_stands_only_in_stores(path: Path) -> None:
    code = ast.parse(path.read_text())
    documentation = {id(doc) for doc in _docstrings(code)}
    for node in ast.walk(code):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            assert not QUERY_TEXT.search(node.value), f"{path.name} line {node.lineno} holds query text: move it to graph/stores/"


def _docstrings(code: ast.Module) -> list[ast.Constant]:
    found = []
    for node in ast.walk(code):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.append(first.value)
    return found


def test_every_room_says_where_to_start() -> None:
    for path in PACKAGE.glob("*/__init__.py"):
        doc = ast.get_docstring(ast.parse(path.read_text()))
        assert doc and ("tart at" in doc), f"{path} does not say where to start"


HEAVY = ("duckdb", "ladybug", "splink", "pyarrow", "pyiceberg", "sqlalchemy", "scipy", "numpy", "pydantic", "requests", "boto3")


def test_help_imports_no_engine() -> None:
    code = (
        "import sys; from fullcircle.serve.cli.main import app\n"
        "from typer.testing import CliRunner\n"
        "assert CliRunner().invoke(app, ['--help']).exit_code == 0\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_opening_a_reader_loads_no_engine_and_no_scorer() -> None:
    """`show` and `search` are asked a hundred times a day: what only a run or `why` needs is not loaded for them."""
    code = (
        "import sys; import fullcircle.ask.reader\n"
        "print([name for name in ('duckdb', 'splink', 'scipy', 'sqlalchemy', 'pyiceberg') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_pages_exist() -> None:
    how_to = {path.stem for path in (ROOT / "docs" / "how-to").glob("*.md")}
    for room, page in {"connectors": "add-a-connector", "insights": "add-an-insight", "publish": "add-a-publish-target"}.items():
        assert page in how_to, f"docs/how-to/{page}.md is missing for {room}"
    assert "add-a-graph-store" in how_to


def test_architecture_page_is_short() -> None:
    assert len((ROOT / "ARCHITECTURE.md").read_text().splitlines()) <= 150


def test_no_large_file_is_kept() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    sizes = {name: (ROOT / name).stat().st_size for name in listed if name and (ROOT / name).is_file()}
    large = {name: size for name, size in sizes.items() if size > 1_000_000}
    assert large == {}, f"{large}: what a program leaves behind is not the project's; see .gitignore"


def test_nothing_names_a_registry_or_a_machine() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    forbidden = re.compile(r"pypi\.org|pythonhosted|repo1?\.maven|registry\.npmjs|/root/|/work/")
    for name in filter(None, listed):
        path = ROOT / name
        if path == Path(__file__) or not path.is_file() or path.suffix in {".png", ".parquet"}:
            continue
        found = forbidden.search(path.read_text(errors="ignore"))
        assert not found, f"{name} names {found.group()}" if found else ""
