"""One list per fact: stages, kinds of identifiers and golden fields are listed in one place, plugins where their name says."""

import ast
import tomllib
from pathlib import Path

import pytest

from fullcircle.model.golden import GOLDEN_FIELDS
from fullcircle.model.identifiers import IDENTIFIER_KINDS
from fullcircle.pipeline import STAGES

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "fullcircle"
FILES = sorted(PACKAGE.rglob("*.py"))
NAMES = [str(path.relative_to(PACKAGE)) for path in FILES]

# fact -> its words, the one file that lists them, and from how many of them on a literal is a second list
FACTS = {
    "stages": ({stage.name for stage in STAGES}, "pipeline.py", 3),
    "kinds of identifiers": (set(IDENTIFIER_KINDS) - {"email", "phone"}, "model/identifiers.py", 2),
    "golden fields": (set(GOLDEN_FIELDS), "model/golden.py", 10),
}


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_no_second_list(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict):
            parts = node.keys if isinstance(node, ast.Dict) else node.elts
            said = {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "IN (" in node.value:
            said = set(node.value.split("'")[1::2])
        else:
            continue
        for fact, (known, place, many) in FACTS.items():
            found = said & known
            assert len(found) < many or str(path.relative_to(PACKAGE)) == place, (
                f"{path.name} line {node.lineno} lists {fact} ({', '.join(sorted(found))}): take them from {place}"
            )


# Room of plugins -> where its built-in ones are, and what they share there.
PLACES = {
    "connectors": ("connectors/sources", set()),
    "graph.stores": ("graph/stores", {"transient", "aws_access", "apart", "cypher_guard"}),
    "insights": ("insights/answers", set()),
    "publish": ("publish/targets", set()),
}


@pytest.mark.parametrize("room", PLACES)
def test_a_plugin_is_a_file_or_folder_of_its_name(room: str) -> None:
    place, shared = PLACES[room]
    points = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"][f"fullcircle.{room}"]
    for name, value in points.items():
        module, _, attribute = value.partition(":")
        home = f"fullcircle.{place.replace('/', '.')}.{name}"
        assert attribute == "PLUGIN"
        assert module == home or module.startswith(f"{home}."), f"{name} of {room} is not at home in {place}/{name}"
    there = {path.stem for path in (PACKAGE / place).iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert there - {"__init__"} - shared == set(points), f"what is in {place} is not what pyproject.toml registers"
