"""The playground: `streamlit run app.py`."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import streamlit as st

if __name__ == "__main__":
    st.set_page_config(page_icon="🏔️", layout="wide")
    st.navigation(
        [
            st.Page("pages/home.py", title="Home", icon=":material/home:", default=True),
            st.Page("pages/optimizers.py", title="Optimizers", icon=":material/landscape:"),
        ],
        position="top",
    ).run()
