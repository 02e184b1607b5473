"""What the kit takes from inside of Streamlit, and nobody else may: each with a test that says what breaks without it."""

from collections.abc import Callable
from typing import Any

from streamlit.runtime import get_instance
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx


def came_by_history() -> bool:
    """Whether this run answers the browser's Back or Forward."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def discovers_pages() -> bool:
    """Whether a link to a page would run its file alone, as Streamlit's old page discovery does on a fresh server until
    `app.py` has run once. Asking ends it."""
    found, PagesManager.uses_pages_directory = PagesManager.uses_pages_directory, False
    return bool(found)


def in_session() -> bool:
    """Whether a visitor's script is running in this thread."""
    return get_script_run_ctx(suppress_warning=True) is not None


def notes() -> dict[str, Any] | None:
    """What is known of the visitor as long as this run of the script lasts, faster than the session tells it; None outside."""
    context = get_script_run_ctx(suppress_warning=True)
    return None if context is None else vars(context).setdefault("notes", {})


def adopter() -> Callable[[], None]:
    """What another thread does to work for the script of this one: then it may call cached functions."""
    context = get_script_run_ctx(suppress_warning=True)
    return lambda: add_script_run_ctx(None, context)


def run_everybody_again() -> None:
    """Run the pages of all visitors as they are, so that they read what the server has to say; for the thread of its loop."""
    for visitor in get_instance()._session_mgr.list_active_sessions():
        visitor.session.request_rerun(visitor.session._client_state)
