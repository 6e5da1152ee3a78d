"""What went wrong and what to do, by the error's code: the general texts in English."""

from __future__ import annotations

WORDS = {
    "detailed": "{}: {}",
    "missing_credentials": "There is nothing to ask with.",
    "missing_credentials.hint": "Sign in to the console in your browser, or put a Cookie header in the settings.",
    "invalid_cookie": "The Cookie header is none.",
    "invalid_cookie.hint": (
        "Copy the Cookie header of a request to the console from your browser's developer tools again."
    ),
    "login_required": "The console asks for a sign-in.",
    "login_required.hint": "Sign in to the console again.",
    "invalid_credentials": "The provider does not take the key or the session.",
    "invalid_credentials.hint": "Check the API key, or sign in to the console again.",
    "api_key_unavailable": "The key reads no quota.",
    "api_key_unavailable.hint": "Use the web session: set source to web.",
    "not_authorised": "This account may not see the plan.",
    "not_authorised.hint": "Sign in with the account that owns the plan, or ask its owner for the right to see it.",
    "endpoint_rejected": "An address of your own is refused.",
    "endpoint_rejected.hint": "Correct the variable, or remove it.",
    "rate_limited": "The provider asks to wait.",
    "rate_limited.hint": "Nothing to do: it is asked again later.",
    "network": "The provider could not be reached.",
    "network.hint": "Check the network, the proxy variables and REQUESTS_CA_BUNDLE.",
    "api_error": "The provider says that something failed.",
    "api_error.hint": "Try again later; where it stays, report it with the message.",
    "bad_response": "The answer could not be read.",
    "bad_response.hint": "Report it with this message: it names what was there, and holds nothing secret.",
    "no_plan": "This account has no Coding Plan.",
    "no_plan.hint": "Check the region and the account, or subscribe on the dashboard.",
    "config": "A setting is wrong.",
    "config.hint": "Correct the setting.",
    "internal": "This program failed.",
    "internal.hint": "Report it with this message.",
}
