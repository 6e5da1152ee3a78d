"""A provider by argument: what it is sent is kept, what it answers is said beforehand."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest

from codingplan_bar.credentials.cookies import PastedHeader
from codingplan_bar.provider.addresses import Endpoints
from codingplan_bar.provider.web import WebSource
from codingplan_bar.transport.request import Answer

NOW = 1_795_400_000.0
HTML = {"content-type": "text/html"}


def answer(document=None, *, status=200, headers=None, text=None):
    body = json.dumps(document) if text is None else text
    return Answer(status, headers or {}, body.encode())


def page(script, *, status=200, headers=None):
    return answer(text=f"<html><script>{script}</script></html>", status=status, headers=headers or HTML)


QUOTA = {"per5HourUsedQuota": 52, "per5HourTotalQuota": 1000}
PRO = {"instanceName": "Coding Plan Pro", "status": "VALID", "codingPlanQuotaInfo": QUOTA}


def envelope(data):
    return answer({"code": "200", "data": {"DataV2": {"data": {"data": data}}}, "successResponse": True})


GOOD = envelope({"codingPlanInstanceInfos": [PRO]})
NO_PLAN = envelope({"codingPlanInstanceInfos": []})
EMPTY = answer({"code": "200", "data": {"success": True}, "successResponse": True})
LOGIN = answer({"code": "ConsoleNeedLogin", "message": "You need to log in.", "successResponse": False})
BAD_TOKEN = answer({"code": "PostonlyOrTokenError", "message": "Your request has expired.", "successResponse": False})
UNKNOWN = answer({"code": "ApiNotFound", "message": "The API does not exist.", "successResponse": False})
NO_TOKEN = page("nothing")


class Wire:
    """A `Send`: each kind of request (page, user, quota) is answered from its list, the last one again and again."""

    def __init__(self, **answers):
        said = {"page": page('SEC_TOKEN: "t+/=1"'), "user": answer({}), "quota": GOOD} | answers
        self.answers = {kind: list(given) if isinstance(given, list) else [given] for kind, given in said.items()}
        self.sent = []

    def __call__(self, request):
        asked = "user" if urlsplit(request.url).path == "/tool/user/info.json" else "page"
        kind = "quota" if request.method == "POST" else asked
        self.sent.append((kind, request))
        given = self.answers[kind].pop(0) if len(self.answers[kind]) > 1 else self.answers[kind][0]
        if isinstance(given, Exception):
            raise given
        return given

    @property
    def kinds(self):
        return [kind for kind, _ in self.sent]

    def requests(self, kind):
        return [request for found, request in self.sent if found == kind]


class Provider:
    """What the tests of this folder share."""

    NOW, HTML = NOW, HTML
    GOOD, NO_PLAN, EMPTY, LOGIN, BAD_TOKEN, UNKNOWN, NO_TOKEN = (
        GOOD,
        NO_PLAN,
        EMPTY,
        LOGIN,
        BAD_TOKEN,
        UNKNOWN,
        NO_TOKEN,
    )
    PRO, Wire = PRO, Wire
    answer, page, envelope = staticmethod(answer), staticmethod(page), staticmethod(envelope)

    @staticmethod
    def web(wire, session="login_aliyunid_ticket=made-up-ticket; cna=anon", **more):
        """A web source; `slept` of its sleep is a list of the pauses."""
        given = session if hasattr(session, "header_for") else PastedHeader(session)
        fakes = {"now": lambda: NOW, "sleep": lambda _: None, "new_uuid": lambda: "uuid", "endpoints": Endpoints()}
        return WebSource(wire, session=given, **(fakes | more))


@pytest.fixture
def provider():
    return Provider
