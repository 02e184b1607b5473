"""The playground: `streamlit run app.py`."""

import os
from contextlib import nullcontext

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import streamlit as st

if __name__ == "__main__":  # workers that import this file need no pages
    from pages.kit import address, bar, classroom, compute, course, internals, language
    from pages.kit.door import HALL, LEAVE
    from pages.kit.text import ASSETS
    from pages.labs import TOPICS

    with nullcontext() if classroom.taught() else compute.turn():  # the class comes after its teacher
        st.set_page_config(page_icon="🏔️", layout="wide")
        language.choose(address.language())
        tr = language.tr
        st.html(ASSETS / "page.css")
        if language.current() != language.ENGLISH:
            st.html(ASSETS / "hangul.css")
        home = st.Page("pages/home.py", title=tr("Home"), icon=":material/home:", default=True)
        room = st.Page("pages/class.py", title=tr("Class"), icon=":material/groups:")
        present = st.Page("pages/present.py", title=tr("Present"), icon=":material/co_present:", visibility="hidden")
        pages = [home, *(topic.page for topic in TOPICS), room, present]
        page = st.navigation(pages, position="hidden" if bar.stages() else "top")
        if HALL.draining and not st.session_state.get("told"):
            st.session_state["told"] = st.toast(tr(LEAVE), duration=HALL.grace, icon=":material/hourglass_top:")
        if page != present:
            bar.show(TOPICS, home, page)
        classroom.show(TOPICS, pages, page)
        page.run()
        course.end(TOPICS, page.url_path)
        address.menu()
        if page != present:  # it is the presenter's own
            classroom.tell(page.url_path)
    internals.deliver()
