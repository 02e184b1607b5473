"""A lab is an experiment for visitors, as a value: what may be set, what is computed, how it is drawn, and what came out.

It can be asked without a page: `settle` gives its settings, `specs` what they ask for, `verdict` what came out and which answer
of its question was right. `show` is the page: predict, look, or press Run and watch, read what happened, take it home.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from engine.experiments import PRESETS, Descent, Experiment, Spec
from engine.verdict import Verdict
from pages.kit import address, compute, controls, export, findings, glossary, internals, language, live, own, sentences, text
from pages.kit.controls import EVERYTHING, Controls, Values, applied
from pages.kit.language import N_, tr

OPENED = "opened"  # session key: labs whose outcome a visitor has asked to see
HELD = "held"  # session key: the lab whose outcome a class is about to predict


def nothing(results: Any, values: Values) -> None:
    """For labs that have no more to show."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Lab:
    """`controls`, `specs`, `formula`, `code` and `words` may hang on the settings: then they are functions of them."""

    id: str
    title: str
    controls: Controls | Callable[[address.Given], Controls]
    verdict: Callable[[Any], Verdict | None]
    """What came out, of the results: of the finished histories, or of what `find` has found."""
    was: tuple[str, ...] = ()
    """Titles that it had, by which old links know it."""
    preset: str = ""
    prefix: str = ""
    """Of its keys in the address."""
    words: Callable[[Values], str] | None = None
    """The name of its prose; its id, if it has one alone."""
    specs: Callable[[Values], list[Spec]] | None = None
    """What is computed; those of the preset with the settings, for each of `seeds` if there is such a setting."""
    find: Callable[[Values], Any] | None = None
    """The results of a lab that needs no training; ValueError with a sentence if there are none."""
    draw: Callable[[Any, Values], None]
    """The picture of the results; of a training as far as it is, again and again."""
    above: Callable[[Values], None] | None = None
    """What stands over picture and controls."""
    beside: Callable[[Any, Values], None] = nothing
    """More under the controls, of results that are None while there are none."""
    after: Callable[[Any, Values], None] = nothing
    """More below the picture, likewise."""
    table: Callable[[Any], pd.DataFrame] | None = None
    """The numbers of the picture beyond losses, accuracies and paths."""
    about: Callable[[Values], str] | None = None
    """The head of the notebook of its paths, Markdown; its title, if there is none."""
    sealed: Callable[[Values], str] | None = None
    """Which secret the settings stand for, of a lab that keeps one: an answer opens nothing, and counts as it is when the
    visitor asks what happened; before that there is nothing to take home."""
    spread: str = N_("Lines are means over {seeds} seeds, bands reach from the lowest to the highest.")
    """What the caption says of more than one seed."""
    formula: str | Callable[[Values], str] = ""
    code: Sequence[Any] | Callable[[Values], Sequence[Any]] = ()

    def known(self, given: address.Given) -> Controls:
        return self.controls(given) if callable(self.controls) else self.controls

    def settle(self, given: address.Given) -> Values:
        """The settings with these differences from the textbook."""
        return address.settle(self, given)

    def asked(self, values: Values) -> list[Spec]:
        """What these settings compute; ValueError with a sentence if they ask for nothing that can be."""
        if self.specs:
            return self.specs(values)
        specs = [applied(spec, values) for spec in PRESETS[self.preset]] if self.preset else []
        return controls.seeded(specs, values.seeds) if hasattr(values, "seeds") else specs

    def prose(self, values: Values) -> text.Prose:
        return text.prose(self._name(values))

    def sentence(self, verdict: Verdict, values: Values) -> str:
        return sentences.of(verdict, self.prose(values).verdicts)

    def _name(self, values: Values) -> str:
        return self.words(values) if self.words else self.id

    def _asked_about(self, values: Values) -> str:
        """What a visitor answers, and is told of, once."""
        return f"{self._name(values)} {self.sealed(values)}" if self.sealed else self._name(values)

    def answer(self, values: Values) -> str | None:
        """What the visitor has predicted."""
        return st.session_state.get(f"{self._asked_about(values)} prediction")

    def predict(self, values: Values, answer: str) -> None:
        """Take what the visitor has said elsewhere for an answer here."""
        st.session_state[f"{self._asked_about(values)} prediction"] = answer

    def held(self) -> bool:
        """Whether its outcome is kept from a class that votes on it."""
        return st.session_state.get(HELD) == self.id

    def known_results(self, values: Values) -> Any:
        """The results of these settings if they need no training, or have been trained; else None."""
        with suppress(ValueError):
            if self.find:
                return self.find(values)
            run = compute.find(self.asked(values))
            return run.histories if run and run.state == "done" else None
        return None

    def opened(self, values: Values) -> bool:
        """Whether the visitor has asked what happened, or need not ask any more."""
        if self.held():
            return False
        known: set[str] = st.session_state.setdefault(OPENED, set())
        return self._asked_about(values) in known or bool(self.answer(values) and not self.sealed)

    def show(self, values: Values) -> None:
        """The lab as a part of the page: question and controls stand beside the picture, on a phone around it."""
        if self.above:
            with st.container(key="lab-above"):
                self.above(values)
        with st.container(key="lab"):
            question, picture, side = (st.container(key=f"lab-{part}") for part in ("question", "picture", "side"))
        below = st.container(key="lab-below")
        known = self.known(address.here().given)
        with question:
            self._ask(values)
        with side:
            controls.draw(known, values, address.keyed(self, known))
            leading = {name: value for name, value in vars(values).items() if known[name].resets == EVERYTHING}
            st.button(tr("Reset to the textbook"), on_click=address.go, args=(self,), kwargs=leading)
        with picture:
            if waits := self.held() and not self.sealed:
                st.info(tr("The picture waits until the class has voted."), icon=":material/how_to_vote:")
            results = None if waits else self._results(values)
            self._caption(values)
            verdict = None if results is None else self.verdict(results)
            if verdict:
                self._tell(verdict, values)
        with question:
            self._reply(verdict, values)
        with side:
            self.beside(results, values)
        with below:
            self.after(results, values)
            self._take_home(results, values)

    def _ask(self, values: Values) -> None:
        """The question, to be answered before the picture is seen."""
        prose = self.prose(values)
        if self.held():
            st.markdown(f"**{prose.question}** {tr('The class is asked: see above.')}")
            return
        answers = prose.answers
        key = f"{self._asked_about(values)} prediction"
        words = f"**{tr('Predict first.')}** {prose.question}"
        options = {"format_func": answers.__getitem__, "wrap": True, "persist_state": "session"}
        st.pills(words, answers, key=key, disabled=bool(self.sealed and self.opened(values)), **options)

    def _results(self, values: Values) -> Any:
        """What is computed, drawn; None if there is nothing yet, or nothing that can be."""
        try:
            if not self.find:
                return live.watch(self.id, lambda: self.asked(values), lambda histories: self.draw(histories, values))
            results = self.find(values)
        except ValueError as problem:
            refused = N_("That cannot be drawn: {problem}") if self.find else N_("That cannot be run: {problem}")
            st.error(tr(refused, problem=text.quote(tr(str(problem)))))
            if self.find and (last := st.session_state.get(f"{self.id} drawn")):
                st.caption(tr("The last picture that could be drawn:"))
                self.draw(self.find(last), last)
            return None
        st.session_state[f"{self.id} drawn"] = values
        self.draw(results, values)
        return results

    def _caption(self, values: Values) -> None:
        """What to look for in the picture, and how it shows seeds."""
        seeds = getattr(values, "seeds", 1)
        spread = f" {tr(self.spread, seeds=seeds)}" if seeds > 1 else ""
        st.caption(self.prose(values).caption + spread)

    def _reply(self, verdict: Verdict | None, values: Values) -> None:
        """Right or wrong, where it was answered: the reasons may be out of sight."""
        answer = self.answer(values)
        if not (verdict and verdict.right and answer and self.opened(values)):
            return
        right = N_(":green[**Right.**] Why: below the picture.")
        wrong = N_("The answer: **{answer}**. Why: below the picture.")
        st.caption(tr(right if answer == verdict.right else wrong, answer=self.prose(values).answers[verdict.right]))

    def _tell(self, verdict: Verdict, values: Values) -> None:
        """What happened beside what was predicted, and the lesson, once the visitor has answered or asks to see them."""
        answer, name, prose = self.answer(values), self._asked_about(values), self.prose(values)
        if self.held():
            return
        if not self.opened(values):
            st.button(tr("See what happened"), on_click=st.session_state[OPENED].add, args=(name,), key=f"{name} see")
            return
        heads = [tr("You predicted *{answer}*.", answer=prose.answers[answer])] if answer else [f"**{tr('What happened.')}**"]
        if answer and answer == verdict.right:
            heads = [tr("You predicted *{answer}*: **right.**", answer=prose.answers[answer])]
        elif verdict.right:
            heads += [tr("The answer: **{answer}**.", answer=prose.answers[verdict.right])]
        elif answer:
            heads += [f"**{tr('What happened.')}**"]
        head = " ".join(heads)
        sentence = self.sentence(verdict, values)
        st.markdown(f"{head}\n\n{sentence}" if sentence.startswith("|") else f"{head} {sentence}")
        lesson, _, more = prose.lesson.partition("<!-- more -->")
        st.markdown(glossary.marked(lesson), unsafe_allow_html=True)
        if more:
            with st.expander(tr("More")):
                st.markdown(glossary.marked(more), unsafe_allow_html=True)
        findings.badges(self.id)

    def _take_home(self, results: Any, values: Values) -> None:
        """The formula, what a visitor can take home, and the source that ran."""
        if self.sealed and not self.opened(values):
            return
        formula = self.formula(values) if callable(self.formula) else self.formula
        if formula:
            st.latex(language.formula(formula))
        self._open_in_own(values)
        name = self.id.replace("/", "-")
        specs = self.asked(values) if results is not None else []
        if specs and isinstance(specs[0], Descent):
            about = self.about(values) if self.about else f"# {self.title}"
            export.buttons(specs, [compute.path(spec) for spec in specs], about, name)
        elif specs and isinstance(specs[0], Experiment):
            export.histories(name, results)
        if (table := self.table) and results is not None:
            export.table(name, lambda: language.english(table, results))
        code = self.code(values) if callable(self.code) else self.code
        if code:
            show_code(f"{self.id} code", code)

    def _open_in_own(self, values: Values) -> None:
        """A way to the form of one's own networks, with those that are trained here."""
        if self.find or self.id == own.ID:
            return
        with suppress(ValueError):
            own.offer(self.id, [spec for spec in self.asked(values) if isinstance(spec, Experiment)])


source = lru_cache(inspect.getsource)


@st.fragment
def show_code(key: str, code: Sequence[Any]) -> None:
    """The source, sent when it is unfolded: to color it costs a browser more than all the rest of a page's words."""
    with st.expander(tr("The code that ran"), key=key, on_change="rerun") as fold:
        if fold.open:
            st.code("\n\n".join(map(source, code)), language="python")


@dataclass(frozen=True, eq=False)
class Topic:
    """The labs of a page, in teaching order: a link opens one of them, and only the open one computes."""

    name: str
    title: str
    icon: str
    labs: Sequence[Lab]

    @property
    def page(self) -> st.Page:
        return st.Page(f"pages/{self.name}.py", title=tr(self.title), icon=self.icon)

    def path(self, lab: Lab, given: address.Given) -> str:
        """The address of a lab of its on any server, as the kit writes it."""
        asked = urlencode(address.query(self.labs, lab, given), doseq=True)
        return f"/{self.name}{'?' * bool(asked)}{asked}"

    def show(self) -> None:
        if internals.discovers_pages():
            st.rerun()
        lab, values = address.follow(self.name, self.labs)
        titles: Mapping[str, str] = {address.key_of(each): tr(each.title) for each in self.labs}
        with st.container(key="topic", horizontal=True, vertical_alignment="center"):
            st.markdown(f"#### {tr(self.title)}", width="content")
            options = {"format_func": titles.__getitem__, "required": True, "label_visibility": "collapsed", "wrap": True}
            st.segmented_control(tr("Section"), titles, key=address.SECTION, **options)
        address.show_ignored()
        lab.show(values)
