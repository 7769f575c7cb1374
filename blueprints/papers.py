"""Papers that people take away."""

from flask import make_response

# Whatever a reader makes of the bytes, they open nothing, run nothing and stay nowhere.
SHUT = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def send_paper(attachment):
    """The bytes of a paper, to be kept by who asked, who was let in already."""
    response = make_response(attachment.read())
    response.headers["Content-Type"] = attachment.media_type.value
    response.headers["Content-Disposition"] = f'attachment; filename="{attachment.file_name}"'
    response.headers.update(SHUT)
    return response
