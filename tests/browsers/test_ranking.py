"""What speaks for a jar, and what tells sign-ins apart."""

from __future__ import annotations

import pytest
from support.handmade.home import CN, EXPIRED, INTL, NOW

from codingplan_bar import regions
from codingplan_bar.credentials.cookies import (
    ELSEWHERE,
    LIKELY,
    NAMED,
    NOTHING,
    SIGNED_IN,
    Cookie,
    CookieJar,
    Rank,
    identity,
    rank,
)

TICKET, OWNER = "login_aliyunid_ticket", "login_current_pk"


def jar(*names, domain=INTL, value="v", expires_at=None):
    return CookieJar(tuple(Cookie(name, value, domain.removeprefix("."), expires_at=expires_at) for name in names))


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (jar(TICKET, OWNER), Rank(SIGNED_IN)),
        (jar(OWNER, "sessionid"), Rank(NAMED, 2)),
        (jar(TICKET, OWNER, domain=CN), Rank(ELSEWHERE)),
        (jar("JSESSIONID", "c_token", "cna", "isg", "XSRF-TOKEN"), Rank(LIKELY, 2)),
        (jar("cna", "isg"), Rank(NOTHING)),
        (jar(), Rank(NOTHING)),
        (jar(TICKET, OWNER, expires_at=EXPIRED), Rank(NOTHING)),
        (CookieJar((*jar(TICKET, expires_at=EXPIRED).cookies, *jar(OWNER).cookies)), Rank(NOTHING)),
        (jar(TICKET, OWNER, value=""), Rank(NOTHING)),
        (jar(TICKET, OWNER, domain="evil-aliyun.com"), Rank(NOTHING)),
        (CookieJar((*jar(TICKET).cookies, *jar(OWNER, domain=CN).cookies)), Rank(LIKELY, 1)),
    ],
)
def test_what_an_international_user_gets(found, wanted):
    assert rank(found, (regions.INTL, regions.CN), NOW) == wanted


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        (jar(TICKET, OWNER, domain=CN), Rank(SIGNED_IN)),
        (jar(OWNER, "JSESSIONID", domain=CN), Rank(NOTHING)),
        (jar(TICKET, OWNER), Rank(NOTHING)),
    ],
)
def test_where_the_ticket_is_known_to_be_wanted_nothing_else_will_do(found, wanted):
    assert rank(found, (regions.CN,), NOW) == wanted


def test_a_session_is_known_again_though_other_cookies_change():
    before, after = jar(TICKET, OWNER, "isg"), jar(TICKET, OWNER, "isg2")
    assert identity(before) == identity(after)
    assert identity(jar(TICKET, value="other")) != identity(before)


def test_without_a_ticket_it_is_known_by_what_is_like_a_session():
    assert identity(jar(OWNER, "isg")) == identity(jar(OWNER, "cna")) != identity(jar(OWNER, value="other"))


def test_an_identity_holds_no_value():
    assert "secret" not in identity(jar(TICKET, value="secret"))
