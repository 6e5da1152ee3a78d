"""A request as data, and what the provider answers: every number comes in, an `Answer` goes out. All are made up."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import parse_qsl


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived. Header names are in lower case; whatever may hold a secret is kept out of its repr.

    What was sent twice under one name has its values joined by ", ", so that it equals no value that was asked for.
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def host(self) -> str:
        """The host that the client meant, with its port where it named one."""
        return self.headers.get("host", "")

    @property
    def header_names(self) -> frozenset[str]:
        """Which headers came along, in lower case."""
        return frozenset(self.headers)

    @property
    def cookies(self) -> list[tuple[str, str]]:
        """The cookies as they came, name and value, in their order."""
        crumbs = (crumb.strip().partition("=") for crumb in self.headers.get("cookie", "").split(";"))
        return [(name, value) for name, _, value in crumbs if name]

    @property
    def form(self) -> dict[str, str]:
        """The body's fields, taken as a form; what cannot be one has no fields."""
        return fields(self.body.decode("ascii", "replace"))


class Answer(NamedTuple):
    """What goes out. `delay` is the wait in seconds before the status line, and before each piece of a body in pieces.

    Such a body goes out chunked, and may be endless.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes | Iterable[bytes]
    delay: float = 0


BareAnswer = tuple[int, Mapping[str, str], bytes]
AnswerQuota = Callable[[Request], Answer | BareAnswer]
"""Answers a quota request that has already been found right."""


def request(method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes) -> Request:
    """A request from its parts, as HTTP names them; `target` is the path with its query."""
    path, _, query = target.partition("?")
    return Request(method, path, fields(query), joined((name.lower(), value) for name, value in headers), body)


def fields(text: str) -> dict[str, str]:
    """The fields of a query or a form, decoded."""
    try:
        return joined(parse_qsl(text, keep_blank_values=True, max_num_fields=100))
    except ValueError:
        return {}


def joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Pairs as a mapping; the values of a repeated name are joined by ", "."""
    values = defaultdict(list)
    for name, value in pairs:
        values[name].append(value)
    return {name: ", ".join(several) for name, several in values.items()}


JSON = {"Content-Type": "application/json;charset=utf-8"}
HTML = {"Content-Type": "text/html;charset=utf-8"}
_REQUEST_ID = "00000000-0000-4000-8000-0000000000d0"


def quota(instances: Sequence[Mapping[str, Any]], api: str) -> Answer:
    """The account's instances in the full envelope, `data.DataV2.data.data.codingPlanInstanceInfos[]`."""
    data = {"codingPlanInstanceInfos": instances, "userId": "1000000000000000"}
    inner = {"data": data, "success": True, "failed": False, "errorMsgUnmodified": False}
    return _success({"ret": ["SUCCESS::API call succeeded"], "data": inner}, api)


def personal(data: Mapping[str, Any] | None, api: str) -> Answer:
    """What is said of a personal Token Plan; None is a success that carries nothing."""
    inner = {"msg": "Success.", "code": "SUCCESS", "data": data or {}, "success": True}
    return _success({"ret": ["SUCCESS::API call succeeded"], "data": inner}, api)


def team(count: int, total: float, left: float, ends: int) -> Answer:
    """What the billing service says of a team's Token Plan; `ends` in seconds since 1970."""
    sums = {"TotalValue": f"{total:.2f}", "SurplusValue": f"{left:.2f}", "CycleEndTime": ends * 1000}
    data = {"TotalCount": count, "TotalValue": f"{total:.2f}", "TotalSurplusValue": f"{left:.2f}"}
    return _json({"code": "200", "data": {**data, "EquityList": [sums] if count else []}, "successResponse": True})


def empty_success(api: str) -> Answer:
    """A success that carries nothing."""
    return _success({"ret": ["SUCCESS::API call succeeded"], "data": {"success": True, "failed": False}}, api)


def not_logined(api: str) -> Answer:
    """No session, said inside an outer success."""
    return _failed_frame("BailianGateway.Login.NotLogined", api)


def not_authorised(api: str) -> Answer:
    """A good session of an account that may not see the plan."""
    return _failed_frame("BailianGateway.Workspace.NotAuthorised", api)


def console_need_login(message: str) -> Answer:
    """No session, said by the console itself; `message` is in the region's language."""
    return _console_error("ConsoleNeedLogin", message)


def token_rejected() -> Answer:
    """A form that the console's page did not send: its token, its method or its headers."""
    return _console_error("PostonlyOrTokenError", "Your request has expired. Refresh the page and try again.")


def api_not_found() -> Answer:
    """A name that the gateway does not know."""
    return _console_error("ApiNotFound", "The API does not exist.")


def invalid_parameters() -> Answer:
    """What the real console's page never sends. Its true answer is not known, so the status alone tells."""
    return _console_error("InvalidParameters", "The parameters are not valid.", status=400)


def unauthorized() -> Answer:
    """An API key that is none."""
    return _json({"message": "unauthorized"}, status=401)


def not_found() -> Answer:
    """A path that is none."""
    return _json({"message": "Not Found"}, status=404)


def rate_limited(retry_after: str | None) -> Answer:
    """Too many requests; `retry_after` is the header as it is sent: seconds, or a date, or None for no header."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    answer = _json({"message": "Too Many Requests"}, status=429)
    return answer._replace(headers={**answer.headers, **headers})


def server_error(status: int) -> Answer:
    """A page of a failing server, which is no JSON."""
    return Answer(status, HTML, f"<html><body><h1>{status}</h1></body></html>".encode())


def redirect(location: str, *, status: int = 302) -> Answer:
    """A way to somewhere else."""
    return Answer(status, {"Location": location}, b"")


def user_info(sec_token: str | None) -> Answer:
    """The signed-in user, with the token of the console's forms where there is one."""
    data = {"accountName": "demo"} | ({"secToken": sec_token} if sec_token else {})
    return _json({"code": "200", "data": data})


def dashboard(sec_token: str | None) -> Answer:
    """The console's page. Its script names the token only for a signed-in browser."""
    settings = [f"SEC_TOKEN: {json.dumps(sec_token)}"] if sec_token else []
    script = ", ".join(['LANG: "en"', *settings, 'LOCALE: "en-US"'])
    page = f"""<!doctype html>
<html><head><title>Coding Plan</title><script>window.ALIYUN_CONSOLE_CONFIG = {{ {script} }};</script></head>
<body><div id="app"></div></body></html>
"""
    return Answer(200, HTML, page.encode())


def _success(data_v2: Mapping[str, Any], api: str) -> Answer:
    return _outer_success({"DataV2": data_v2, "success": True, "errorCode": "", "errorMsg": ""}, api)


def _failed_frame(error: str, api: str) -> Answer:
    return _outer_success({"success": False, "errorCode": error, "errorMsg": error}, api)


def _outer_success(data: Mapping[str, Any], api: str) -> Answer:
    """The gateway says 200 for itself, whatever became of the call below it."""
    frame = {"httpStatus": 200, **data, "api": api}
    outer = {"code": "200", "httpStatusCode": "200", "requestId": _REQUEST_ID, "successResponse": True}
    return _json({**outer, "data": frame})


def _console_error(code: str, message: str, *, status: int = 200) -> Answer:
    outer = {"code": code, "message": message, "requestId": _REQUEST_ID, "successResponse": False}
    return _json(outer, status=status)


def _json(document: Mapping[str, Any], *, status: int = 200) -> Answer:
    return Answer(status, JSON, json.dumps(document, ensure_ascii=False).encode())
