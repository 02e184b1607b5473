"""The site says again what the playground says of itself: `pages()` is its Markdown, file by file; hooks hand it to MkDocs."""

import logging
import os
import re
from importlib import import_module
from pathlib import Path
from urllib.parse import parse_qs

from latex2mathml.converter import convert
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

logging.getLogger("streamlit.runtime.caching.cache_data_api").disabled = True  # it misses its server
from engine.claims import CLAIMS
from pages.kit import address, course, findings, glossary, shelf, text, warm
from pages.kit.lab import Lab, Topic
from pages.labs import LABS, TOPICS

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
WRITTEN = {"readme.md": "README.md", "architecture.md": "ARCHITECTURE.md", "contributing.md": "CONTRIBUTING.md"}
ENGINE = {
    "Optimizers": "objectives formula descent optimizers schedules quadratic maps atlas wells replay filled",
    "Softmax": "softmax losses",
    "Activations": "activations neuron",
    "Preprocessing": "datasets pictures clouds lines components preprocessing curvature",
    "Weight initialization": "initializers diagnostics histogram",
    "Batch normalization": "layers network training smoothness",
    "Babysitting": "probes signs fates range_test gradcheck checklist bugs faults mysteries doctor",
    "Tuning": "search gaussian budget importance honesty",
    "Claims": "claim claims sequential",
    "Experiments": "fields specs experiments presets compare record trained verdict registry",
}
MATH = re.compile(r"\$\$(.+?)\$\$|\$([^$]+)\$", re.DOTALL)


def pages() -> dict[str, str]:
    modules = [module for names in ENGINE.values() for module in names.split()]
    return {
        "index.md": overview(),
        **{f"labs/{topic.name}.md": chapter(topic) for topic in TOPICS},
        "glossary.md": terms(),
        "talks.md": talks(),
        "engine/index.md": engine(),
        **{f"engine/{module}.md": f"# engine.{module}\n\n::: engine.{module}\n" for module in modules},
        **{name: moved((ROOT / source).read_text("utf-8")) for name, source in WRITTEN.items()},
    }


def navigation() -> list:
    return [
        {"Overview": "index.md"},
        {"Labs": [{topic.title: f"labs/{topic.name}.md"} for topic in TOPICS]},
        {"Glossary": "glossary.md"},
        {"Talks": [{"Decks": "talks.md"}, {"How to give one": "presenting.md"}]},
        {
            "Engine": [
                "engine/index.md",
                *({title: [{name: f"engine/{name}.md"} for name in names.split()]} for title, names in ENGINE.items()),
            ]
        },
        {"Run it": [{"README": "readme.md"}, "hosting.md", "architecture.md", "contributing.md"]},
    ]


def overview() -> str:
    """What the README says first, with a card for each topic."""
    head, *_ = moved((ROOT / "README.md").read_text("utf-8")).split("\n## ")
    title, sentence, _, *start = head.split("\n\n")
    cards = "\n".join(map(card, TOPICS))
    grid = f'<div class="grid cards" markdown>\n\n{cards}\n</div>'
    return "\n\n".join(["---\nhide: [navigation, toc]\n---", title, sentence, grid, *start]) + "\n"


def card(topic: Topic) -> str:
    here = f"labs/{topic.name}.md"
    labs = " · ".join(f"[{lab.title}]({here}#{address.key_of(lab)})" for lab in topic.labs)
    parts = [f"**[{topic.title}]({here})**", picture(topic.labs[0], ""), course.chapters()[topic.name].question, labs]
    return "- " + _indented("\n\n".join(parts)) + "\n"


def chapter(topic: Topic) -> str:
    """A topic with all its labs, and where it leads."""
    told = course.chapters()[topic.name]
    labs = "\n\n".join(section(topic, lab) for lab in topic.labs)
    onward = "\n".join(f"- {lab_link(LABS[name], LABS[name].prose(LABS[name].settle({})).question)}" for name in told.onward)
    head = f"# {topic.title}\n\n{told.question}\n{{ .asked }}\n\nAfterwards you can {told.can}."
    more = [found()] if topic.name == "claims" else []
    return "\n\n".join([head, labs, *more, f"## Curious?\n\n{onward}\n"])


def section(topic: Topic, lab: Lab) -> str:
    """A lab: its question, its picture, where it is, and the figures of the books that it shows."""
    values = lab.settle({})
    prose = lab.prose(values)
    answers = "\n".join(f"- {answer}" for answer in prose.answers.values())
    formula = lab.formula(values) if callable(lab.formula) else lab.formula
    lesson = math(f"{glossary.marked(prose.lesson)}\n\n{f'$${formula}$$' if formula else ''}")
    parts = [
        f"## {lab.title} {{ #{address.key_of(lab)} }}",
        f"**{prose.question}**",
        answers,
        picture(lab, "../"),
        f"{prose.caption}\n{{ .look }}" if prose.caption else "",
        f'```text title="Open it"\n{topic.path(lab, {})}\n```',
        f'??? abstract "The lesson"\n    {_indented(lesson)}',
        figures(topic, lab),
        claims(lab),
    ]
    return "\n\n".join(part for part in parts if part)


def picture(lab: Lab, up: str) -> str:
    if not shot(lab).exists():
        return "*No picture in this build.*"
    return f"![What {lab.title} shows]({up}pictures/{shot(lab).name}){{ loading=lazy }}"


def shot(lab: Lab) -> Path:
    """Where `python -m docs.pictures` keeps its picture."""
    return PICTURES / f"{lab.id.replace('/', '-')}.png"


def figures(topic: Topic, lab: Lab) -> str:
    """The figures of the books, and what else its menu offers, with their addresses."""
    known = lab.known({})
    rows = {}
    for name in text.presets(topic.name):
        title, sentence, facts = text.preset(name)
        if address.read(topic.labs, parse_qs(facts["page"].partition("?")[2]))[0] is lab:
            rows[facts["page"]] = f"**{title}** {_cell(sentence)}"
    for given in warm.textbook(lab):
        for name, option in given.items():
            rows.setdefault(topic.path(lab, given), f"**{_cell(known[name].options[option])}**")
    lines = [f"| `{where}` | {words} |" for where, words in rows.items()]
    return "\n".join(["| open | and see |", "|---|---|", *lines]) if lines else ""


def claims(lab: Lab) -> str:
    """What became of the claims that it is about."""
    about = [(name, claim) for name, claim in CLAIMS.items() if claim.lab == lab.id and findings.verdict(name)]
    lines = [f"- “{claim.sentence}” [{findings.verdict(name).kind}](claims.md#{name})" for name, claim in about]
    return "\n".join(["Claims about it:\n", *lines]) if lines else ""


def found() -> str:
    """Every claim with what was measured at every place."""
    parts = ["## What was found\n"]
    for name, claim in CLAIMS.items():
        if verdict := findings.verdict(name):
            rows = [f"| {row['place']} | {findings.effect(name, row)} |" for row in verdict.rows]
            seeds = "" if claim.exact else f", {verdict.seeds} seeds"
            head = f"### {claim.sentence} {{ #{name} }}\n\n**{verdict.kind}** · {claim.source} · {lab_link(LABS[claim.lab])}\n"
            parts += [head, "\n".join([f"| place | {claim.effect}{seeds} |", "|---|---|", *rows, ""])]
    return "\n".join(parts)


def terms() -> str:
    about = text.page("glossary").split("\n", 1)[0].removeprefix("# ")
    parts = [f"---\nhide: [navigation]\n---\n# Glossary\n\n{about}."]
    for term in glossary.terms():
        also = f"*{', '.join(term.also)}*\n\n" if term.also else ""
        formula = math(f"$${term.latex}$$\n\n") if term.latex else ""
        parts.append(f"## {term.name}\n\n{also}{term.meaning}\n\n{formula}{lab_link(LABS[term.lab])}")
    return "\n\n".join(parts) + "\n"


def talks() -> str:
    parts = ["# Decks"]
    for name in shelf.decks():
        deck = shelf.load(name, TOPICS)
        rows = [f"| {i}. **{slide.title}** {_cell(slide.words)} | `{slide.at}` |" for i, slide in enumerate(deck.slides, 1)]
        where = f'```text title="Open it"\n/?deck={name}&slide=1&view=stage\n```'
        head = f"## {deck.title} {{ #{name} }}\n\n{len(deck.slides)} slides, {deck.minutes:g} minutes.\n\n{where}\n"
        parts += [head, "\n".join(["| slide | shows |", "|---|---|", *rows])]
    return "\n\n".join(parts) + "\n"


def engine() -> str:
    """Every module with the sentence that it opens with."""
    parts = [f"# The engine\n\n{_opening('engine')}"]
    for title, names in ENGINE.items():
        rows = [f"| [{name}]({name}.md) | {_cell(_opening(f'engine.{name}'))} |" for name in names.split()]
        parts.append("\n".join([f"## {title}\n", "| module | |", "|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


def lab_link(lab: Lab, words: str = "") -> str:
    topic = next(topic for topic in TOPICS if lab in topic.labs)
    return f"[{words or f'{topic.title} · {lab.title}'}](/labs/{topic.name}.md#{address.key_of(lab)})"


def math(markdown: str) -> str:
    """Formulas as MathML, which browsers draw without help."""

    def drawn(found: re.Match) -> str:
        latex = (found[1] or found[2]).replace("{aligned}", "{align*}").replace(r"\arg", r"\operatorname{arg}")
        formula = convert(latex, display="block" if found[1] else "inline")
        return f'<div class="formula">{formula}</div>' if found[1] else f"<span>{formula}</span>"

    return MATH.sub(drawn, markdown)


def moved(markdown: str) -> str:
    """What stands at the root, with links from where it stands on the site."""
    for name, source in WRITTEN.items():
        markdown = markdown.replace(f"]({source}", f"]({name}")
    return markdown.replace("](docs/", "](")


def _opening(module: str) -> str:
    return (import_module(module).__doc__ or "").split("\n\n")[0]


def _cell(words: str) -> str:
    return " ".join(words.split()).replace("|", r"\|")


def _indented(markdown: str) -> str:
    return markdown.replace("\n", "\n    ")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    config.nav = navigation()
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    log = logging.getLogger("mkdocs.hooks")
    for name, content in pages().items():
        files.append(File.generated(config, name, content=content))
    for path in sorted((ROOT / "assets/screenshots").glob("*.png")):
        files.append(File.generated(config, f"assets/screenshots/{path.name}", abs_src_path=str(path)))
    if missing := [lab for lab in LABS.values() if not shot(lab).exists()]:
        tell = log.info if os.environ.get("PICTURES") == "off" else log.warning
        tell(f"{len(missing)} labs have no picture: `python -m docs.pictures` takes them, PICTURES=off does without")
    return files
