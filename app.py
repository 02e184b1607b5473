"""The playground: `streamlit run app.py`."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import streamlit as st

if __name__ == "__main__":
    from pages.labs import TOPICS  # workers that import this file need no pages

    st.set_page_config(page_icon="🏔️", layout="wide")
    home = st.Page("pages/home.py", title="Home", icon=":material/home:", default=True)
    st.navigation([home, *(topic.page for topic in TOPICS)], position="top").run()
