"""The playground: `streamlit run app.py`."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import streamlit as st

if __name__ == "__main__":
    from pages.kit import bar  # workers that import this file need no pages
    from pages.labs import TOPICS

    st.set_page_config(page_icon="🏔️", layout="wide")
    home = st.Page("pages/home.py", title="Home", icon=":material/home:", default=True)
    present = st.Page("pages/present.py", title="Present", icon=":material/co_present:", visibility="hidden")
    place = "hidden" if bar.stages() else "top"
    page = st.navigation([home, *(topic.page for topic in TOPICS), present], position=place)
    if page != present:
        bar.show(TOPICS, home, page)
    page.run()
