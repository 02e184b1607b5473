"""The playground: `streamlit run app.py`."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import streamlit as st

if __name__ == "__main__":
    from pages.kit.door import HALL, LEAVE  # workers that import this file need no pages
    from pages.labs import TOPICS

    st.set_page_config(page_icon="🏔️", layout="wide")
    home = st.Page("pages/home.py", title="Home", icon=":material/home:", default=True)
    if HALL.draining and not st.session_state.get("told"):
        st.session_state["told"] = st.toast(LEAVE, duration=HALL.grace, icon=":material/hourglass_top:")
    st.navigation([home, *(topic.page for topic in TOPICS)], position="top").run()
