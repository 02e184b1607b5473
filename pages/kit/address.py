"""The address holds the open lab and what differs from its textbook setting, by keys: it is the whole state of a page.

Once a rerun the kit asks who changed something. If the visitor came by a link, by Back or Forward or from another page,
every setting is taken from the address. Else the widgets are right, and what they changed is written to the address at
once: one change of the visitor is one step Back, however many settings it touched.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from html import escape
from typing import Any, Protocol
from urllib.parse import urlencode

import streamlit as st

from pages.kit import internals
from pages.kit.controls import EVERYTHING, Controls, Values, never
from pages.kit.language import NAMES, current, tr
from pages.kit.text import quote

Query = dict[str, list[str]]
Given = dict[str, Any]  # name → value of the settings that differ from the textbook's
SECTION = "section"
RIDERS = ("deck", "slide", "view")  # keys of no lab, which stay in the address whatever the lab writes
LANGUAGE = "lang"  # as this one does, whatever rides along


class Lab(Protocol):
    """What an address needs to know of a lab."""

    id: str
    title: str
    was: tuple[str, ...]
    prefix: str

    def known(self, given: Given) -> Controls: ...


@dataclass
class Place:
    """Where a visitor is, and how each lab and each page was left."""

    topic: str = ""
    labs: Sequence[Lab] = ()
    lab: Lab | None = None
    left: dict[str, Given] = field(default_factory=dict)
    """Lab → its settings."""
    last: dict[str, Query] = field(default_factory=dict)
    """Topic → its address."""
    known: deque[Query] = field(default_factory=lambda: deque([{}], maxlen=50))
    """What the browser may tell as its address, without riders: the last one it told, and those written since."""
    riders: Query = field(default_factory=dict)
    language: str = ""
    """That was asked for."""
    arrivals: int = 0
    opening: tuple[tuple, dict[str, Any]] = ((), {})
    ignored: list[str] = field(default_factory=list)

    @property
    def given(self) -> Given:
        return self.left[self.lab.id]


def here() -> Place:
    return st.session_state.setdefault("place", Place())


def leave() -> None:
    """The visitor is on a page without labs."""
    here().topic = ""
    if lost():
        _put_up(whole())


def told() -> tuple[Query, Query]:
    """What the browser tells as its address: what is for the lab, and what rides along."""
    asked = whole()
    riders = {key: asked[key] for key in RIDERS if key in asked}
    return {key: asked[key] for key in asked if key not in (*RIDERS, LANGUAGE)}, riders


def language() -> str:
    """The language that the address asks for, or has asked for; "" if it never did."""
    place, asked = here(), st.query_params.get(LANGUAGE, "")
    if asked or internals.came_by_history():
        place.language = asked
    return place.language


def spoken() -> dict[str, str]:
    """What a link to another window takes along, so that it speaks the same language."""
    return {LANGUAGE: here().language} if here().language else {}


def riders() -> dict[str, str]:
    """What rides along after whatever the visitor has just done: it stays when they turn to another page."""
    place, (_, now) = here(), told()
    if now or internals.came_by_history():
        place.riders = now
    return {key: values[-1] for key, values in place.riders.items()}


def ride(riders: Mapping[str, str], lab: Lab | None = None, given: Given | None = None) -> None:
    """From now on this rides along and nothing else, if there is a `lab` with that; for use in a callback."""
    place, (asked, _) = here(), told()
    place.riders = {key: [value] for key, value in riders.items()}
    if lab:
        go(lab, **(given or {}))
    else:
        _put_up(asked)


def settle(lab: Lab, given: Given) -> Values:
    """The values of all settings that count beside each other."""
    values = Values()
    for name, control in lab.known(given).items():
        if control.when is never or control.when(values):
            setattr(values, name, control.settled(given.get(name, control.default), values))
    return values


def changed(lab: Lab, given: Given) -> Given:
    """The part of `given` that differs from the textbook."""
    known = lab.known(given)
    return {name: value for name, value in given.items() if name in known and value != known[name].default}


def query(labs: Sequence[Lab], lab: Lab, given: Given) -> Query:
    """The address of a lab among those of its topic, of which the first needs no name."""
    known = lab.known(given)
    keys = keyed(lab, known)
    asked = {keys[name]: known[name].write(value) for name, value in changed(lab, given).items()}
    return asked if lab is labs[0] else {SECTION: [key_of(lab)], **asked}


def keyed(lab: Lab, known: Controls) -> dict[str, str]:
    """Name of a setting → its key in the address, which is also that of its widget."""
    return {name: control.key or lab.prefix + name for name, control in known.items()}


def key_of(lab: Lab) -> str:
    return lab.id.split("/")[1]


def read(labs: Sequence[Lab], asked: Query) -> tuple[Lab, Given, list[str]]:
    """The lab and the settings that an address asks for, and a sentence for whatever nobody here can use."""
    problems: list[str] = []
    names = {word: lab for lab in labs for word in (*lab.was, lab.title, key_of(lab))}
    word = asked.get(SECTION, [key_of(labs[0])])[-1]
    if word not in names:
        problems.append(f"`{SECTION}`: {tr('there is no {said}', said=quote(word, 40))}")
    lab = names.get(word, labs[0])
    given: Given = {}
    for _ in range(3):  # what leads comes first: it decides what the others are
        known = lab.known(given)
        for name, key in keyed(lab, known).items():
            if key in asked and name not in given:
                with suppress(ValueError):
                    given[name] = known[name].read(asked[key])
    known = lab.known(given)
    usable = {key: known[name] for name, key in keyed(lab, known).items()}
    elsewhere = {key for other in labs for key in keyed(other, other.known({})).values()}
    for key, raw in asked.items():
        if key in usable:
            try:
                usable[key].read(raw)
            except ValueError as problem:
                problems.append(f"{quote(key, 40)}: {problem}")
        elif key != SECTION and key not in elsewhere:
            problems.append(tr("{said} is not a setting here", said=quote(key, 40)))
    return lab, changed(lab, given), problems


def follow(topic: str, labs: Sequence[Lab]) -> tuple[Lab, Values]:
    """The open lab of the topic and its settings, after whatever the visitor has just done."""
    place, (asked, ridden) = here(), told()
    back = internals.came_by_history()
    if place.topic != topic or back or asked not in place.known:
        left = {} if asked or ridden or back or place.topic == topic else place.last.get(topic, {})
        place.topic, place.labs = topic, labs
        _arrive(place, asked, left)
    else:
        while place.known[0] != asked:
            place.known.popleft()
        _listen(place)
    return place.lab, settle(place.lab, place.given)


def _arrive(place: Place, asked: Query, left: Query) -> None:
    """Take everything from the address, or from the one that the page had when it was left."""
    place.known = deque([asked], maxlen=50)
    place.last[place.topic] = left or asked
    place.lab, given, place.ignored = read(place.labs, left or asked)
    if place.language and place.language not in NAMES:
        place.ignored.append(f"`{LANGUAGE}`: {tr('there is no {said}', said=quote(place.language, 40))}")
        place.language = ""
    _put(place, given)
    if left or told()[1] != place.riders or lost():
        _write(place)


def _listen(place: Place) -> None:
    """Take what the widgets say, and write it to the address."""
    opened = next((lab for lab in place.labs if key_of(lab) == st.session_state.get(SECTION)), place.lab)
    if opened is not place.lab:
        place.lab = opened
        _put(place, place.left.get(place.lab.id, {}))
    elif heard := _heard(place.lab, place.given):
        known = place.lab.known(place.given)
        reset = {name for one in heard for name in (known if known[one].resets == EVERYTHING else known[one].resets)}
        kept = {name: value for name, value in place.given.items() if name not in reset}
        place.left[place.lab.id] = changed(place.lab, kept | heard)
    _seed(place)
    _write(place)


def _heard(lab: Lab, given: Given) -> Given:
    """The settings whose widgets say something else than what is known, and something that is allowed."""
    known, heard = lab.known(given), {}
    keys = keyed(lab, known)
    for name, value in vars(settle(lab, given)).items():
        said = st.session_state.get(keys[name])
        try:
            told = value if said is None else known[name].read(known[name].write(said))
        except (ValueError, TypeError, AttributeError):
            continue
        if told != value:
            heard[name] = told
    return heard


def _put(place: Place, given: Given) -> None:
    """The open lab begins with these settings."""
    place.left[place.lab.id] = changed(place.lab, given)
    place.arrivals += 1
    _seed(place, again=True)


def _seed(place: Place, again: bool = False) -> None:
    """Let every widget show its setting. One that shows it already is left in peace, since somebody may be typing there, but
    for `again`, since the run that told it may have ended before it was drawn; one that is not drawn is not told, since
    Streamlit would not tell it when it comes."""
    st.session_state[SECTION] = key_of(place.lab)
    known, values = place.lab.known(place.given), settle(place.lab, place.given)
    keys = keyed(place.lab, known)
    for name, value in vars(values).items():
        key, shown = keys[name], list(value) if isinstance(value, tuple) else value
        if (again or st.session_state.get(key) != shown) and known[name].shown(values):
            st.session_state[key] = shown


def _write(place: Place) -> None:
    asked = query(place.labs, place.lab, place.given)
    place.last[place.topic] = asked
    if asked != place.known[-1] or told()[1] != place.riders or lost():
        _put_up(asked)
        place.known.append(asked)


def _put_up(asked: Query) -> None:
    """Let the browser tell this as its address."""
    place = here()
    st.query_params.from_dict(asked | place.riders | spoken())


def menu() -> None:
    """The same page in every other language, as links that load it anew."""
    others = {language: name for language, name in NAMES.items() if language != current()}
    asked = {language: escape(urlencode(whole() | {LANGUAGE: [language]}, doseq=True)) for language in others}
    links = (f'<a href="?{asked[language]}" target="_self" lang="{language}">{others[language]}</a>' for language in others)
    st.html(f'<p class="languages">{" · ".join(links)}</p>')


def lost() -> bool:
    """Whether the address does not tell the language that was asked for any more."""
    return st.query_params.get(LANGUAGE, "") != here().language


def go(lab: Lab | str, **given: Any) -> None:
    """Turn to a lab of the open topic, or to that of an id, with these settings, all others as in the textbook; for use in a
    callback."""
    place = here()
    place.lab = next(each for each in place.labs if lab in (each, each.id))
    _put(place, given)
    _write(place)


def change(**values: Any) -> None:
    """Other values for these settings of the open lab; for use in a callback, or by what tells settings without a widget."""
    place = here()
    place.left[place.lab.id] = changed(place.lab, place.given | values)
    _seed(place)
    _write(place)


def tell(**said: Any) -> None:
    """`change` by what a browser says, which may be anything: nothing changes if one of the values is not allowed."""
    with suppress(ValueError):
        change(**heard(**said))


def heard(**said: Any) -> Given:
    """What a browser says of settings of the open lab; ValueError if one of the values is not allowed, or is of none."""
    place = here()
    known = place.lab.known(place.given)
    if unknown := said.keys() - known.keys():
        raise ValueError(tr("there is no {said}", said=quote(", ".join(sorted(unknown)))))
    return {name: known[name].read([str(value)]) for name, value in said.items()}


def on_arrival(*since: Any, **now: Any) -> dict[str, Any]:
    """`now` as it was when the visitor came to the lab, or when one of `since` last changed, and which `arrival` that was: for
    what the browser owns from then on, so that it needs no new picture when it tells of itself."""
    place = here()
    if place.opening[0] != (place.arrivals, *since):
        place.opening = (place.arrivals, *since), now
    return place.opening[1] | {"arrival": place.arrivals}


def show_ignored() -> None:
    """The sentence about what the address asked for in vain, shown once."""
    place = here()
    if place.ignored:
        problems = "; ".join(place.ignored)
        st.warning(tr("Ignored in the address: {problems}. The defaults are used instead.", problems=problems))
        place.ignored = []


def taken(name: str) -> str:
    """What the address says of something that does not stay in it, as a code or a key; "" if nothing."""
    said = st.query_params.get(name, "")
    if said:
        del st.query_params[name]
    return said


def whole() -> Query:
    """The address as it stands."""
    return {key: st.query_params.get_all(key) for key in st.query_params}
