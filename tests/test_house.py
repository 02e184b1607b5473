"""The direction of imports: app → pages → sections → kit, charts → engine; inside the engine catalogues know the registry."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted([ROOT / "app.py", ROOT / "server.py", *ROOT.glob("pages/**/*.py"), *ROOT.glob("engine/**/*.py")])
PLAIN = {"numpy", *sys.stdlib_module_names}
FIGURES = {"altair", "contourpy"}  # what only the room of the charts may import
CATALOGUES = {"optimizers", "schedules", "activations", "initializers", "preprocessing"}


def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def packages(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way(path):
    room = path.relative_to(ROOT).parts
    names = imports(path)
    if room[0] == "engine":
        assert packages(path) <= PLAIN | {"engine"} | ({"pooch"} if path.stem == "datasets" else set())
        assert not packages(path) & {"time", "multiprocessing", "random"}
        if path.stem in CATALOGUES:
            assert {name for name in names if name.startswith("engine.")} <= {
                "engine.registry",
                "engine.registry.Entry",
                "engine.registry.Range",
                "engine.registry.catalogue",
            }
    elif room[:2] == ("pages", "charts"):
        assert "streamlit" not in packages(path)
        assert {name.split(".")[1] for name in names if name.startswith("pages.")} <= {"charts", "kit"}
        assert {name.split(".")[2] for name in names if name.startswith("pages.kit.")} <= {"theme", "language", "images"}
    elif room[:2] == ("pages", "kit"):
        assert not any(name.startswith("pages.sections") for name in names)
        assert path.stem != "door" or packages(path) <= {*sys.stdlib_module_names}  # plain ASGI
    elif room[:2] == ("pages", "sections"):
        assert {name.split(".")[2] for name in names if name.startswith("pages.sections.")} <= {room[2]}
    elif room[0] == "pages":
        assert "numpy" not in packages(path)
    assert "app" not in packages(path)
    assert room[:2] == ("pages", "charts") or not packages(path) & FIGURES


@pytest.mark.parametrize("path", [p for p in FILES if "pages" in p.parts], ids=lambda path: str(path.relative_to(ROOT)))
def test_one_cache_and_one_file_of_internals(path):
    text, names = path.read_text("utf-8"), imports(path)
    if path.stem != "internals":
        assert not any(name.startswith(("streamlit.runtime", "streamlit.delta_generator")) for name in names)
    if path.stem != "compute":
        assert "@st.cache_" not in text
    assert "st.query_params" not in text or path.stem == "address"


@pytest.mark.parametrize("path", [*ROOT.glob("pages/sections/*/*.py")], ids=lambda path: "/".join(path.parts[-2:]))
def test_labs_do_not_know_each_other(path):
    labs = {lab.stem for lab in path.parent.glob("*.py") if "\nLAB = Lab(" in lab.read_text("utf-8")}
    known = {name.split(".")[3] for name in imports(path) if name.startswith(f"pages.sections.{path.parent.name}.")}
    assert not known & labs


@pytest.mark.parametrize("name", ["home", "labs", *(path.stem for path in ROOT.glob("pages/[!hl]*.py"))])
def test_pages_draw_nothing_when_imported(name):
    assert "st." not in "".join(
        ast.unparse(node)
        for node in ast.parse((ROOT / f"pages/{name}.py").read_text("utf-8")).body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    )


@pytest.mark.parametrize("path", [p for p in FILES if p.is_relative_to(ROOT / "engine")], ids=lambda p: p.stem)
def test_the_engine_does_not_print_or_run_text(path):
    calls = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not calls & {"print", "eval", "exec", "open", "input"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_opens_with_a_sentence(path):
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))
