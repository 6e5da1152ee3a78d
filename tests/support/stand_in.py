"""The provider on loopback TLS, as strict as it is known to be, and somebody who signs in there.

It has the four gateways and the minting call. Whatever is asked in another way than console-token sign-ins ask is
refused with status 400 and remembered, so that a test sees it. Signatures are checked by the provider's own library.
"""

from __future__ import annotations

import json
import os
import re
import socket
import ssl
import subprocess
import sysconfig
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

from alibabacloud_tea_openapi.utils import Utils
from darabonba.request import DaraRequest

from codingplan_bar.credentials.other_tools import SDK, VARIABLES
from codingplan_bar.credentials.saved import kept
from codingplan_bar.provider import addresses

API = "zeldaEasy.broadscope-bailian.codingPlan.queryCodingPlanInstanceInfoV2"
ACTIONS = {"cn-beijing": "BroadScopeAspnGateway", "ap-southeast-1": "IntlBroadScopeAspnGateway"}
COMMODITIES = {"domestic": "sfm_codingplan_public_cn", "international": "sfm_codingplan_public_intl"}
PERSONAL = "tokenplan%2Fpersonal%2Fapi%2Fv2%2F"
SOLO_COMMODITIES = {"domestic": "sfm_tokenplansolo_public_cn", "international": "sfm_tokenplansolo_public_intl"}
CORNERSTONE = {"protocol": "V2", "console": "ONE_CONSOLE", "productCode": "p_efm", "consoleSite": "BAILIAN_ALIYUN"}
GATEWAY_HEADERS = {"host", "user-agent", "accept-encoding", "authorization", "accept", "content-type", "content-length"}
NONCE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def plan(now):
    """A success of the gateway, as it was seen live."""
    quota = {"per5HourUsedQuota": 52, "per5HourTotalQuota": 1000, "perWeekUsedQuota": 800, "perWeekTotalQuota": 5000}
    instance = {"instanceName": "Coding Plan Pro", "status": "VALID", "codingPlanQuotaInfo": quota}
    inner = {"data": {"codingPlanInstanceInfos": [instance]}, "success": True, "code": "SUCCESS"}
    return {"code": "200", "data": {"DataV2": {"ret": ["SUCCESS::ok"], "data": inner}, "success": True}}


def personal(data):
    """A success of the gateway about a personal Token Plan; an empty one without data."""
    inner = {"msg": "Success.", "code": "SUCCESS", "data": data, "success": True}
    return {"code": "200", "data": {"DataV2": {"ret": ["SUCCESS::ok"], "data": inner}, "success": True}}


def refusal(code, message=""):
    """A refusal inside an answer of status 200."""
    data = {"success": False, "httpStatus": 200, "errorCode": code, "errorMsg": message or code}
    return {"code": "200", "data": data, "successResponse": True}


class Provider(ThreadingHTTPServer):
    """`pairs` are ids with secrets, `tokens` what is signed in; `quota` and `minted` replace an answer."""

    daemon_threads = True

    def __init__(self, context, *, site="international", region="ap-southeast-1"):
        super().__init__(("127.0.0.1", 0), _Visit)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.site, self.region = site, region
        self.pairs = {"LTAI-standing-in": ("secret-of-the-stand-in", "")}
        self.tokens = {"token-from-a-sign-in"}
        self.switch_agent = None
        self.quota = self.minted = self.seats = None  # (status, body), or what gives that
        self.token_plan = {}  # what a personal Token Plan answers, by the end of the call's name
        self.date = None
        self.asked, self.wrong, self.count = [], [], 0

    def __enter__(self):
        Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)  # wakes whoever waits for callers
        self.shutdown()
        self.server_close()

    @property
    def host(self):
        return f"127.0.0.1:{self.server_port}"

    def answer(self, visit, body):
        path = urlsplit(visit.path).path
        self.asked.append(path)
        if path == "/cli/api.json" and PERSONAL in visit.path:
            return self.plan_for(visit, body)
        if path == "/cli/api.json":
            return self.quota_for(visit, body)
        if path == "/tokenplan/subscription/stats":
            return self.seats_for(visit)
        if path == "/modelstudio/cli/generateAccessToken":
            return self.new_token(visit, body)
        return 404, {}

    def quota_for(self, visit, body):
        form, query = dict(parse_qsl(body.decode())), dict(parse_qsl(urlsplit(visit.path).query))
        cornerstone = CORNERSTONE | ({"switchAgent": self.switch_agent} if self.switch_agent else {})
        wanted = {"commodityCode": COMMODITIES[self.site], "onlyLatestOne": True}
        params = {
            "Api": API,
            "V": "1.0",
            "Data": {"queryCodingPlanInstanceInfoRequest": wanted, "cornerstoneParam": cornerstone},
        }
        self.demand(query, {"action": ACTIONS[self.region], "product": "sfm_bailian", "api": API})
        self.demand({**form, "params": json.loads(form.get("params", "0"))}, {"params": params, "region": self.region})
        self.demand({name.lower() for name in visit.headers}, GATEWAY_HEADERS)
        self.demand(visit.headers["Accept"], "*/*")
        self.demand(visit.headers["Content-Type"], "application/x-www-form-urlencoded")
        if self.wrong:
            return 400, {}
        if visit.headers["Authorization"].removeprefix("Bearer ") not in self.tokens:
            return 200, refusal("BailianGateway.Login.NotLogined")
        return given(self.quota) or (200, plan(0))

    def plan_for(self, visit, body):
        """A call about a personal Token Plan: the slashes of its name are percent-encoded in the query."""
        form, query = dict(parse_qsl(body.decode())), dict(parse_qsl(urlsplit(visit.path).query))
        api = query.get("api", "")
        sold = {"commodityCode": SOLO_COMMODITIES[self.site]} if api.endswith("/subscription") else {}
        cornerstone = CORNERSTONE | ({"switchAgent": self.switch_agent} if self.switch_agent else {})
        params = {"Api": api, "V": "1.0", "Data": {**sold, "cornerstoneParam": cornerstone}}
        self.demand(query, {"action": ACTIONS[self.region], "product": "sfm_bailian", "api": api})
        self.demand("/" in urlsplit(visit.path).query, False)
        self.demand({**form, "params": json.loads(form.get("params", "0"))}, {"params": params, "region": self.region})
        self.demand({name.lower() for name in visit.headers}, GATEWAY_HEADERS)
        if self.wrong:
            return 400, {}
        if visit.headers["Authorization"].removeprefix("Bearer ") not in self.tokens:
            return 200, refusal("BailianGateway.Login.NotLogined")
        return 200, personal(self.token_plan.get(api.partition("/api/v2/")[2], {}))

    def seats_for(self, visit):
        headers = {name.lower(): value for name, value in visit.headers.items()}
        refused = self.refused(visit, headers, "GET", "GetSubscriptionStats", b"")
        return refused or given(self.seats) or (404, {"Code": "InvalidAction.NotFound"})

    def refused(self, visit, headers, method, action, body):
        """Why a signed request is turned down; None where it is good."""
        signed = headers["authorization"]
        key = re.search(r"Credential=([^,]+),", signed)[1]
        if key not in self.pairs:
            return 400, {"Code": "InvalidAccessKeyId.NotFound", "Message": f"{key} is not found"}
        secret, security_token = self.pairs[key]
        self.demand((visit.command, urlsplit(visit.path).query, body), (method, "", b""))
        self.demand(headers["x-acs-action"], action)
        self.demand(headers["x-acs-version"], "2026-02-10")
        self.demand(headers.get("x-acs-security-token", ""), security_token)
        self.demand(bool(NONCE.fullmatch(headers["x-acs-signature-nonce"])), True)
        if signed != self.signature_of(visit, headers, key, secret):
            return 400, {"Code": "SignatureDoesNotMatch", "Message": f"server string to sign: {key} {secret}"}
        return None

    def new_token(self, visit, body):
        headers = {name.lower(): value for name, value in visit.headers.items()}
        refused = self.refused(visit, headers, "POST", "GenerateCLIAccessToken", body)
        if refused:
            return refused
        said = given(self.minted)
        if said:
            return said
        self.count += 1
        self.tokens = {f"token-minted-{self.count}"}
        return 200, {"cliAccessToken": f"token-minted-{self.count}", "Success": True}

    def signature_of(self, visit, headers, key, secret):
        request = DaraRequest()
        request.method, request.pathname, request.query = visit.command, urlsplit(visit.path).path, {}
        request.headers = {n: v for n, v in headers.items() if n.startswith("x-acs-") or n in ("host", "content-type")}
        digest = headers["x-acs-content-sha256"]
        return Utils.get_authorization(request, "ACS3-HMAC-SHA256", digest, key, secret)

    def demand(self, found, wanted):
        if found != wanted:
            self.wrong.append((found, wanted))

    def handle_error(self, request, client_address):
        """A client that went away is none of the test's business."""


def given(answer):
    return answer() if callable(answer) else answer


class _Visit(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    disable_nagle_algorithm = True  # else each answer takes 40 ms

    def do_GET(self):
        self.do_POST()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, said = self.server.answer(self, body)
        text = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response_only(status)
        self.send_header("Date", self.server.date or self.date_time_string())
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


def context_of(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


COMMAND = str(Path(sysconfig.get_path("scripts")) / "codingplan-bar")
TOKEN = "token-from-a-sign-in"
KEY, SECRET = "LTAI-standing-in", "secret-of-the-stand-in"
PAIR = dict(zip(VARIABLES[SDK], (KEY, SECRET), strict=False))
LONGEST = 300  # seconds; nothing that is run takes a tenth of it on a quiet machine


class Person:
    """Somebody with a home of their own, who types commands."""

    def __init__(self, home, provider):
        self.home = home
        self.environ = {
            "HOME": str(home),
            "PATH": "/usr/bin:/bin",
            addresses.HOST: provider.host,
            **{name: os.environ[name] for name in ("REQUESTS_CA_BUNDLE", "NO_PROXY", "no_proxy")},
            **{name: value for name, value in os.environ.items() if name.startswith("COVERAGE")},
        }

    def start(self, *arguments, env=None, **more):
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([COMMAND, *arguments], env=self.environ | (env or {}), **(pipes | more))

    def run(self, *arguments, given=None, env=None):
        with self.start(*arguments, env=env, stdin=subprocess.PIPE if given else subprocess.DEVNULL) as process:
            out, err = process.communicate(given and given.encode(), timeout=LONGEST)
        return self.looked_through(process.returncode, out.decode(), err.decode())

    def looked_through(self, code, out, err):
        """No secret is printed, and none is written but into the one private file."""
        written = [path for path in self.home.rglob("*") if path.is_file() and path.name != "session.json"]
        texts = [out, err, *(path.read_bytes().decode("utf-8", "replace") for path in written)]
        assert not any(secret in text for secret in (TOKEN, SECRET, KEY, "token-minted") for text in texts)
        return code, out, err

    @property
    def settings(self):
        return self.home / ".config/codingplan-bar/config.toml"

    @property
    def sign_in(self):
        path = self.home / ".local/state/codingplan-bar/session.json"
        if path.exists():
            assert path.stat().st_mode & 0o777 == 0o600
        return kept(path.read_text()) if path.exists() else None
