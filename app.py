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
            st.Page("pages/activations.py", title="Activations", icon=":material/show_chart:"),
            st.Page("pages/initialization.py", title="Initialization", icon=":material/tune:"),
            st.Page("pages/batchnorm.py", title="Batch normalization", icon=":material/equalizer:"),
            st.Page("pages/regularization.py", title="Overfitting", icon=":material/fitness_center:"),
        ],
        position="top",
    ).run()
