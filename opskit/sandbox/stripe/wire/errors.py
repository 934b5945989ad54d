"""Stripe's error envelope. Codes are those of docs.stripe.com/error-codes; messages follow what Stripe's users quote from it."""

from typing import Any

SUPPORT = "we can help at https://support.stripe.com/."


class ApiError(Exception):
    """What a request is answered with instead of an object. `executed` is false where the endpoint had not begun: such an
    answer is not kept under an idempotency key (docs.stripe.com/api/idempotent_requests)."""

    def __init__(self, status: int, message: str, *, code: str = "", param: str = "", type: str = "invalid_request_error",
                 executed: bool = False, decline: str = "", headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.code, self.param, self.type, self.executed = status, message, code, param, type, executed
        self.decline, self.headers = decline, headers or {}

    def body(self, request: str) -> dict[str, Any]:
        error = {"message": self.message, "type": self.type}
        if self.code:
            error |= {"code": self.code, "doc_url": f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"}
        if self.decline:
            error["decline_code"] = self.decline
        if self.param:
            error["param"] = self.param
        error["request_log_url"] = f"https://dashboard.stripe.com/test/logs/{request}"
        return {"error": dict(sorted(error.items()))}


def missing_param(name: str, message: str = "") -> ApiError:
    return ApiError(400, message or f"Missing required param: {name}.", code="parameter_missing", param=name)


def unknown_params(names: list[str]) -> ApiError:
    message = f"Received unknown parameter{'s' * (len(names) > 1)}: {', '.join(names)}"
    return ApiError(400, message, code="parameter_unknown", param=names[0])


def empty_param(name: str) -> ApiError:
    message = (f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a parameter; however '{name}' "
               f"cannot be unset. You should remove '{name}' from your request or supply a non-empty value.")
    return ApiError(400, message, code="parameter_invalid_empty", param=name)


def exclusive(*names: str) -> ApiError:
    return ApiError(400, f"You may only specify one of these parameters: {', '.join(names)}.", code="parameters_exclusive", param=names[0])


def no_such(kind: str, id: str, param: str = "id", status: int = 404) -> ApiError:
    """404 where the id stands in the path, 400 where a parameter names it."""
    return ApiError(status, f"No such {kind}: '{id}'", code="resource_missing", param=param, executed=True)


def refused(message: str, param: str = "", code: str = "") -> ApiError:
    """The endpoint ran and says no: state, not syntax."""
    return ApiError(400, message, param=param, code=code, executed=True)


def declined(code: str, decline: str, message: str, param: str) -> ApiError:
    """The card's issuer, or the check of the card, says no."""
    return ApiError(402, message, code=code, param=param, type="card_error", decline=decline, executed=True)


def no_access(account: str) -> ApiError:
    return ApiError(403, f"The provided key does not have access to account '{account[:40]}' (or that account does not exist). "
                         "Application access may have been revoked.", code="account_invalid", executed=True)


def too_many() -> ApiError:
    return ApiError(429, "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.",
                    code="rate_limit")


def broken_off() -> ApiError:
    return ApiError(500, "An unknown error occurred", type="api_error", executed=True)


def not_modelled(what: str) -> ApiError:
    """The published API knows it and the sandbox does not: told as such, and not to be tried again."""
    return ApiError(501, f"The opskit sandbox does not model {what} yet; Stripe's own API does.", type="api_error",
                    headers={"Stripe-Should-Retry": "false"})
