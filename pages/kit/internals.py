"""What the kit takes from inside of Streamlit, and nobody else may: each with a test that says what breaks without it."""

import threading
from collections.abc import Callable
from typing import Any

from streamlit.runtime import Runtime
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

PATIENCE = 10  # seconds for the server's loop to send what a script has said


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
    for visitor in Runtime.instance()._session_mgr.list_active_sessions():
        visitor.session.request_rerun(visitor.session._client_state)


def deliver() -> None:
    """Wait until all that the script has said so far is on its way: Streamlit forgets the rest of it if the browser asks for a
    fragment at the very moment in which the script ends."""
    sessions, delivered = getattr(Runtime.instance(), "_session_mgr", None), threading.Event()  # AppTest has none
    if visitor := sessions and sessions.get_active_session_info(get_script_run_ctx().session_id):
        visitor.session._call_soon_on_event_loop(delivered.set)
        delivered.wait(PATIENCE)
