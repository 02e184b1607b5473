"""The playground: `streamlit run app.py`."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import streamlit as st

if __name__ == "__main__":
    from pages.kit import classroom, course  # workers that import this file need no pages
    from pages.kit.door import HALL, LEAVE
    from pages.labs import TOPICS

    st.set_page_config(page_icon="🏔️", layout="wide")
    home = st.Page("pages/home.py", title="Home", icon=":material/home:", default=True)
    room = st.Page("pages/class.py", title="Class", icon=":material/groups:")
    if HALL.draining and not st.session_state.get("told"):
        st.session_state["told"] = st.toast(LEAVE, duration=HALL.grace, icon=":material/hourglass_top:")
    pages = [home, *(topic.page for topic in TOPICS), room]
    page = st.navigation(pages, position="top")
    topic = page.url_path in {each.name for each in TOPICS}
    classroom.show({each.url_path: each for each in pages}, topic)
    page.run()
    if topic:
        course.end(TOPICS, page.url_path)
    classroom.tell(page.url_path)
