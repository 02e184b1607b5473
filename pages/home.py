"""Home: what there is to see."""

import streamlit as st

from pages.kit import text

st.markdown(text.page("home"))
