"""The cookies of the service: never read by a script, never sent along from another site."""

from flask import current_app


def keep(response, name, value, *, seconds=None):
    """Give the browser a cookie, until it closes or for `seconds`; over HTTPS only where the
    service has it, whatever the proxy says of this very request."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        secure=current_app.config["IS_HTTPS"],
        httponly=True,
        samesite="Lax",
    )


def forget(response, name):
    response.delete_cookie(
        name, secure=current_app.config["IS_HTTPS"], httponly=True, samesite="Lax"
    )
