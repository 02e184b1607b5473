"""The door, asked as a server asks it: cookies, headers, refusals, and the pace of a session."""

import asyncio
import hashlib
import re
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
import streamlit as st

from pages.kit import compute, door, language
from pages.kit.door import BURST, RATE, STUBBORN, Door, Hall, Pace, known, policy, spoken

NAME = "0123456789abcdef" * 2
KEY = "A-key_of-16-chars"


def run(awaited) -> None:
    """In a thread of its own, since Playwright's loop may be running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, awaited).result()


async def app(scope, receive, send):
    """It answers, or talks until it hears that the other has gone."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-app", b"1")]})
        await send({"type": "http.response.body", "body": b"page"})
        return
    await send({"type": "websocket.accept"})
    while (await receive())["type"] != "websocket.disconnect":
        await send({"type": "websocket.send", "bytes": b"heard"})


def ask(path="/optimizers", query="", hall=None, client="203.0.113.9", scheme="http", method="GET", app=app, **headers):
    """Status, headers as pairs, body."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "scheme": scheme,
        "path": path,
        "query_string": query.encode(),
        "client": (client, 1),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }
    run(Door(app, "default-src 'self'", hall or Hall())(scope, None, send))
    head = [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]
    return sent[0]["status"], head, sent[1]["body"].decode()


def given(answer) -> SimpleCookie:
    found = SimpleCookie()
    for name, value in answer[1]:
        if name == "set-cookie":
            found.load(value)
    return found


def full(visitor=NAME) -> Hall:
    hall = Hall(most=1)
    hall.inside[visitor] = 1
    return hall


def talk(messages, hall=None, cookie="", stays=10**9):
    """What a session sends that hears so many messages of somebody who stays for so many answers."""
    sent, left = [], iter([{"type": "websocket.receive", "bytes": b""}] * messages)

    async def send(message):
        if len(sent) >= stays:
            raise OSError
        sent.append(message)

    async def receive():
        return next(left, {"type": "websocket.disconnect", "code": 1001})

    scope = {"type": "websocket", "scheme": "ws", "path": "/_stcore/stream", "headers": [(b"cookie", cookie.encode())]}
    run(Door(app, "", hall or Hall())(scope, receive, send))
    return sent


def test_a_newcomer_gets_a_name_that_is_kept():
    cookie = given(ask())["visitor"]
    assert re.fullmatch("[0-9a-f]{32}", cookie.value)
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (True, "Lax", "/", "")
    assert given(ask())["visitor"].value != cookie.value
    assert not given(ask(cookie=f"a=b; visitor={cookie.value}"))


@pytest.mark.parametrize(
    "path", ["/static/js/index.js", "/_stcore/health", "/optimizers/_stcore/host-config", "/favicon.png", "/ready"]
)
def test_what_is_no_page_gives_no_cookie(path):
    assert not given(ask(path, "room=ABCD"))


@pytest.mark.parametrize("asked", [{"scheme": "https"}, {"x_forwarded_proto": "https"}, {"x_forwarded_proto": "https, http"}])
def test_cookies_stay_on_https(asked):
    assert given(ask(**asked))["visitor"]["secure"]


@pytest.mark.parametrize(
    "forged", ["", "x" * 60_000, NAME.upper(), NAME + "0", f'"{NAME}"', "../../etc", "１" * 32, "\xff" * 32]
)
def test_a_forged_name_is_replaced(forged):
    answer = ask(cookie=f"visitor={forged}; visitor; =; ;;")
    assert answer[0] == 200
    assert re.fullmatch("[0-9a-f]{32}", given(answer)["visitor"].value)
    assert not known("visitor", forged)


@pytest.mark.parametrize("code", ["ABCD", "a1B2c3D4"])
def test_a_room_becomes_a_cookie(code):
    assert given(ask("/class", f"x=1&room={code}"))["room"].value == code


@pytest.mark.parametrize("code", ["", "ABC", "ABCDEFGHI", "AB-D", "AB%0D%0ASet-Cookie:x=y", "%D9%A1%D9%A1%D9%A1%D9%A1"])
def test_what_is_no_room_is_ignored(code):
    answer = ask("/class", f"room={code}")
    assert "room" not in given(answer)
    assert answer[0] == 200


def test_a_key_leaves_the_address():
    status, head, _ = answer = ask("/class", f"key={KEY}&room=ABCD&a=%26")
    assert (status, dict(head)["location"]) == (303, "/class?room=ABCD&a=%26")
    assert given(answer)["key"].value == KEY
    assert given(answer)["key"]["httponly"]
    assert dict(ask("/class", f"key={KEY}")[1])["location"] == "/class"


@pytest.mark.parametrize("key", ["", "short", "k" * 129, "%0D%0ASet-Cookie:%20a=b", "a;b" * 9])
def test_a_forged_key_leaves_it_too_and_is_no_cookie(key):
    answer = ask("/class", f"key={key}")
    assert answer[0] == 303
    assert not given(answer)


def test_other_pages_know_no_key():
    assert ask("/optimizers", f"key={KEY}")[0] == 200


def test_every_answer_has_the_headers():
    for answer in (ask(), ask("/static/a.js"), ask("/class", "key="), ask(hall=full("x")), ask("/_stcore/metrics")):
        assert {"content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy"} <= dict(
            answer[1]
        ).keys()


def test_the_policy_knows_the_inline_scripts_of_this_streamlit():
    page = (Path(st.__file__).parent / "static/index.html").read_text("utf-8")
    script = page.partition("<script>")[2].partition("</script>")[0]
    assert script.strip()
    assert f"'sha256-{b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" in policy(page)
    assert "'unsafe-inline'" not in policy(page).partition("style-src")[0]


def test_who_finds_the_server_full_reads_a_sentence():
    status, _, body = ask(hall=full("x"))
    assert status == 503
    assert "All 1 places on this server are taken." in body
    assert ask("/static/a.js", hall=full("x"))[0] == 200
    assert ask(hall=full(), cookie=f"visitor={NAME}")[0] == 200  # a page that is loaded again
    assert ask("/_stcore/health", hall=full())[0] == 200  # of a proxy
    status, _, body = ask("/class/_stcore/health", hall=full("x"), cookie=f"visitor={NAME}")
    assert (status, body) == (503, '"All 1 places on this server are taken. This page tries again by itself."')


def test_no_page_begins_while_the_server_drains():
    assert ask(hall=Hall(draining=True))[0] == 503
    assert talk(0, Hall(draining=True))[0]["status"] == 503


def test_a_session_takes_a_place_and_gives_it_back():
    hall = Hall(most=1)
    assert (
        talk(3, hall, f"visitor={NAME}") == [{"type": "websocket.accept"}] + [{"type": "websocket.send", "bytes": b"heard"}] * 3
    )
    assert not hall.inside
    refused = talk(3, full())
    assert (refused[0]["type"], refused[0]["status"]) == ("websocket.http.response.start", 503)
    assert not any(message["type"] == "websocket.accept" for message in refused)


def test_who_has_gone_is_not_heard_any_more():
    left = Hall()
    assert len(talk(BURST, left, stays=3)) == 3
    assert not left.inside


def test_a_session_that_breaks_gives_its_place_back():
    async def breaks(*_):
        raise OSError

    hall = Hall()
    with pytest.raises(OSError):  # noqa: PT011
        run(Door(breaks, "", hall)({"type": "websocket", "headers": []}, None, None))
    assert not hall.inside


def test_a_burst_passes_and_then_so_many_a_second():
    pace = Pace()
    waits = [pace.wait(100.0) for _ in range(BURST + RATE)]
    assert waits[:BURST] == [0] * BURST
    assert waits[-1] == pytest.approx(1)
    assert pace.wait(200.0) == 0
    assert pace.soon == 0


def test_who_goes_on_too_fast_is_sent_away(monkeypatch):
    async def sleep(_):
        pass

    monkeypatch.setattr(door.asyncio, "sleep", sleep)
    *heard, end = talk(BURST + 2 * STUBBORN)
    assert end == {"type": "websocket.close", "code": 1008, "reason": "too many messages"}
    assert BURST + STUBBORN <= len(heard) <= BURST + STUBBORN + 10


def test_metrics_are_for_the_machine_alone():
    metrics = "/_stcore/metrics"
    assert ask(metrics)[0] == 403
    assert [ask(metrics, client=client)[0] for client in ("127.0.0.1", "::1", "::ffff:127.0.0.1")] == [200] * 3
    assert ask(metrics, client="127.0.0.1", x_forwarded_for="127.0.0.1")[0] == 403


def test_pages_know_the_browser_by_its_name(visit, monkeypatch):
    seen = []
    monkeypatch.setattr(compute, "surface", lambda spec, of=compute.surface: seen.append(compute.visitor()) or of(spec))
    app = visit()
    assert seen[-1] == app.session_state["visitor"]
    monkeypatch.setattr(type(st.context), "cookies", {"visitor": NAME})
    app.run()
    assert seen[-1] == NAME
    monkeypatch.setattr(type(st.context), "cookies", {"visitor": "x" * 60_000})
    app.run()
    assert seen[-1] == app.session_state["visitor"]


def test_who_is_refused_reads_why_in_the_language_of_the_address_else_of_the_browser():
    scope = {"query_string": b"lang=ko&section=why", "headers": [(b"accept-language", b"de-DE,de;q=0.9, en;q=0.5")]}
    assert spoken(scope) == ["ko", "de", "de", "en"]
    assert spoken({"query_string": b"", "headers": []}) == ["", ""]
    with language.speaking("ko"):
        assert language.tr(full("x").refuses()) == "이 서버의 1자리가 모두 찼습니다. 이 페이지는 저절로 다시 시도합니다."


async def unknown(_scope, _receive, send):
    await door.respond(send, 400, "Invalid session_id.")


def test_a_session_has_so_many_files_and_may_take_one_back():
    hall = Hall()

    def upload(session, file, method="PUT", app=app):
        return ask(f"/_stcore/upload_file/{session}/{file}", hall=hall, method=method, app=app)[0]

    assert [upload("one", file) for file in range(door.FILES + 1)] == [200] * door.FILES + [429]
    assert upload("one", 0) == 200  # in its own place
    assert upload("two", 0) == 200
    assert upload("one", 0, "DELETE") == 200
    assert [upload("one", file) for file in (98, 99)] == [200, 429]
    assert {upload("nobody", file, app=unknown) for file in range(2 * door.FILES)} == {400}
    assert set(hall.files) == {"one", "two"}
    hall.most = 1
    assert [upload(session, 0) for session in ("three", "four")] == [200, 200]
    assert set(hall.files) == {"three", "four"}
