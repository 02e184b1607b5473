"""The door stands between the net and the pages: who comes in, under which name, how fast, and when nobody does any more.

Plain ASGI, before all of Streamlit. It gives three cookies, of which pages believe what `known` lets through: `visitor`, a
browser's name; `room`, from `?room=CODE`, by which a proxy keeps a class together; `key`, from `/class?key=KEY`, which leaves
the address at once, for that is projected.
"""

import asyncio
import base64
import hashlib
import ipaddress
import json
import re
import secrets
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from urllib.parse import parse_qsl, urlencode

VALUES = {"visitor": "[0-9a-f]{32}", "room": "[A-Za-z0-9]{4,8}", "key": "[A-Za-z0-9_-]{16,128}"}
KEPT = 86400  # seconds that a browser keeps a cookie
KEYED = ("/class", "/present")  # pages that take a key
RATE, BURST = 30, 120  # messages a second of one session, and how many may come at once
STUBBORN = 300  # messages too soon, one after the other, that end a session: ten seconds
FILES = 20  # that a session may have here at once, of 1 MB each: Streamlit holds all of them in memory until it ends
UPLOAD = re.compile("/_stcore/upload_file/([^/]+)/([^/]+)")
AGAIN = 10  # seconds until a page that was refused asks again
FULL = "All {most} places on this server are taken. This page tries again by itself."
DRAINING = "This server is about to stop. This page tries again by itself."
LEAVE = "**This server is about to stop.** The page then goes on by itself; what trains now may be lost."
WAIT = "One moment"
REFUSED = """<!doctype html>
<html>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="{again}">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1.2rem/1.5 sans-serif; max-width: 34rem; margin: 25vh auto; padding: 0 1rem }}
</style>
<p>{sentence}</p>
</html>"""
PLAIN, HTML = "text/plain; charset=utf-8", "text/html; charset=utf-8"
POLICY = (  # blob: for our canvases; unsafe-eval for Plotly's parallel coordinates, which else say that there is no WebGL
    "default-src 'self'; script-src 'self' blob: 'unsafe-eval'{scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' data: blob:; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


def known(name: str, value: object) -> str:
    """The value of a cookie or of a parameter if it can be one of that name, else nothing: it may be forged."""
    return value if isinstance(value, str) and re.fullmatch(VALUES[name], value, re.ASCII) else ""


def policy(page: str) -> str:
    """What a page may load and run: what is ours, what we make of it (blob:), and its inline scripts as they are now."""
    inline = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline]
    return POLICY.format(scripts="".join(f" 'sha256-{each}'" for each in hashes))


@dataclass
class Hall:
    """Who is inside."""

    most: int = 500
    grace: int = 20  # seconds from the signal to stop until the last are sent away
    draining: bool = False  # since that signal
    inside: Counter[str] = field(default_factory=Counter)  # visitor, "" for all without a name → open sessions
    files: OrderedDict[str, set[str]] = field(default_factory=OrderedDict)  # session → what it has uploaded

    def refuses(self, visitor: str = "") -> str:
        """Why no session may begin, as a sentence, or nothing; a visitor with a session may come again in its place."""
        if self.draining:
            return DRAINING
        full = self.inside.total() >= self.most and not (visitor and self.inside[visitor])
        return FULL.format(most=self.most) if full else ""

    def uploads(self, session: str) -> set[str]:
        """The files of a session; those of the sessions that uploaded something the longest ago are not known any more."""
        found = self.files.setdefault(session, set())
        self.files.move_to_end(session)
        while len(self.files) > 2 * self.most:
            self.files.popitem(last=False)
        return found


HALL = Hall()


@dataclass
class Pace:
    """When the messages of a session may pass: `RATE` a second after a burst."""

    due: float = 0.0  # when the next would be in time, had there been no burst
    soon: int = 0  # messages too soon, one after the other

    def wait(self, now: float) -> float:
        """Seconds that the message of now has to wait."""
        self.due = max(self.due, now) + 1 / RATE
        wait = max(0.0, self.due - now - BURST / RATE)
        self.soon = self.soon + 1 if wait else 0
        return wait


def english(languages: Sequence[str], words: str) -> str:  # noqa: ARG001
    return words


class Door:
    """The middleware; `policy` is the value of the header, and `say(languages, words)` says words in one that is asked for."""

    def __init__(self, app, policy: str, hall: Hall = HALL, say: Callable[[Sequence[str], str], str] = english) -> None:
        self.app, self.hall, self.say = app, hall, say
        self.headers = {"content-security-policy": policy, **HEADERS}

    async def __call__(self, scope, receive, send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._talk(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _answer(self, scope, receive, send) -> None:
        """A request, its answer with our headers and, if it is of a page, cookies."""
        has, cookies = cookies_of(scope), []
        languages = spoken(scope)
        sentence = self.say(languages, self.hall.refuses(has["visitor"]))

        async def with_headers(message) -> None:
            if message["type"] == "http.response.start":
                given = [(name.encode(), value.encode()) for name, value in self.headers.items()]
                given += [(b"set-cookie", cookie.encode()) for cookie in cookies]
                message = {**message, "headers": [*message.get("headers", []), *given]}
            await send(message)

        if is_page(scope):
            query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
            if scope["path"].rstrip("/") in KEYED and "key" in query:
                if key := known("key", query.pop("key")):
                    cookies.append(cookie(scope, "key", key))
                await respond(with_headers, 303, location="?".join(filter(None, (scope["path"], urlencode(query)))))
                return
            if sentence:
                page = REFUSED.format(again=AGAIN, title=self.say(languages, WAIT), sentence=escape(sentence))
                await respond(with_headers, 503, page, content_type=HTML)
                return
            if not has["visitor"]:
                cookies.append(cookie(scope, "visitor", secrets.token_hex(16)))
            if room := known("room", query.get("room")):
                cookies.append(cookie(scope, "room", room))
        elif scope["path"].startswith("/_stcore/metrics") and not is_local(scope):
            await respond(with_headers, 403, "For the machine itself only.")
            return
        elif scope["path"].endswith("/_stcore/health") and sentence and has["visitor"] and not self.hall.inside[has["visitor"]]:
            await respond(with_headers, 503, json.dumps(sentence))  # a page without a session asks here and shows it, if JSON
            return
        elif scope["method"] in ("PUT", "DELETE") and (named := UPLOAD.search(scope["path"])):
            await self._upload(scope, receive, with_headers, *named.groups())
            return
        await self.app(scope, receive, with_headers)

    async def _upload(self, scope, receive, send, session: str, file: str) -> None:
        """A file that comes or goes; no more than a session may have."""
        files, comes = self.hall.uploads(session), scope["method"] == "PUT"
        new = comes and file not in files
        if new and len(files) >= FILES:
            await respond(send, 429, f"A session has {FILES} files at most.")
            return
        if new:
            files.add(file)

        async def send_and_count(message) -> None:
            if message["type"] == "http.response.start" and (not comes or (new and message["status"] >= 400)):
                files.discard(file)
            if not files:
                self.hall.files.pop(session, None)
            await send(message)

        await self.app(scope, receive, send_and_count)

    async def _talk(self, scope, receive, send) -> None:
        """A session: no more than there are places for, and each of them slowly enough for the others."""
        visitor, sentence = cookies_of(scope)["visitor"], self.hall.refuses()
        if sentence:
            await receive()
            await respond(send, 503, sentence, kind="websocket.http")
            await asyncio.sleep(0)  # else uvicorn logs that nobody has answered
            return
        pace, over = Pace(), False

        async def receive_in_time():
            nonlocal over
            message = {"type": "websocket.disconnect", "code": 1006} if over else await receive()
            if message["type"] == "websocket.receive":
                await asyncio.sleep(pace.wait(time.monotonic()))
                if pace.soon >= STUBBORN:
                    await send_while_open({"type": "websocket.close", "code": 1008, "reason": "too many messages"})
                    over = True
                    return {"type": "websocket.disconnect", "code": 1008}
            return message

        async def send_while_open(message) -> None:
            nonlocal over
            if not over:
                try:
                    await send(message)
                except OSError:  # the visitor has gone: the app hears of it when it listens
                    over = True

        self.hall.inside[visitor] += 1
        try:
            await self.app(scope, receive_in_time, send_while_open)
        finally:
            self.hall.inside[visitor] -= 1
            self.hall.inside += Counter()  # lets go of those who have left


def header(scope, name: str) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name.encode()), "")


def spoken(scope) -> list[str]:
    """The languages that are asked for, first of all by the address, then by the browser: `ko-KR,ko;q=0.9,en` are ko and en."""
    asked = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get("lang", "")
    return [asked, *(part.strip().partition(";")[0].partition("-")[0] for part in header(scope, "accept-language").split(","))]


def cookies_of(scope) -> dict[str, str]:
    """Our cookies of a request, empty where there is none that could be ours."""
    found = dict.fromkeys(VALUES, "")
    for part in header(scope, "cookie").split(";"):
        name, _, value = part.strip().partition("=")
        if name in found:
            found[name] = known(name, value)
    return found


def cookie(scope, name: str, value: str) -> str:
    secure = scope["scheme"] == "https" or header(scope, "x-forwarded-proto").split(",")[0].strip() == "https"
    return f"{name}={value}; HttpOnly; SameSite=Lax; Path=/; Max-Age={KEPT}" + "; Secure" * secure


def is_page(scope) -> bool:
    """Whether Streamlit answers with its page: whatever is no file and none of its own addresses."""
    own = scope["path"].startswith(("/static/", "/media/", "/component/")) or "/_stcore/" in scope["path"]
    file = "." in scope["path"].rpartition("/")[2] or scope["path"] == "/ready"
    return scope["method"] in ("GET", "HEAD") and not own and not file


def is_local(scope) -> bool:
    """Whether a request comes from this machine, and not through a proxy on it."""
    if not scope["client"] or header(scope, "x-forwarded-for"):
        return False
    address = ipaddress.ip_address(scope["client"][0])
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


async def respond(send, status: int, body: str = "", kind: str = "http", content_type: str = PLAIN, **headers: str) -> None:
    """Answer in place of the app."""
    headers |= {"content-type": content_type, "cache-control": "no-store"}
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": f"{kind}.response.start", "status": status, "headers": pairs})
    await send({"type": f"{kind}.response.body", "body": body.encode()})
