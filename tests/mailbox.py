"""A real mail server on a free port, which keeps what it receives and answers as it is told."""

import contextlib
import datetime as dt
import email
import email.policy
import ipaddress
import ssl
import threading

from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOST = "127.0.0.1"


class FreePort(Controller):
    """Listens where the system likes, and knows where."""

    def __init__(self, handler, **options):
        super().__init__(handler, hostname=HOST, port=0, **options)

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Mailbox:
    """What the server was given; `answers` and `breaks_after_data` say how it behaves."""

    def __init__(self):
        self.messages, self.raw, self.recipients = [], [], []
        self.answers = {}
        self.breaks_after_data = False
        self.received = threading.Event()

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, server, session, envelope, address, options):
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.raw.append(envelope.content)
        self.recipients.append(envelope.rcpt_tos)
        self.messages.append(
            email.message_from_bytes(envelope.content, policy=email.policy.default)
        )
        self.received.set()
        if self.breaks_after_data:
            server.transport.abort()
        return self.answers.get("DATA", "250 OK")


@contextlib.contextmanager
def mail_server(**options):
    """`(mailbox, port)` of a running server."""
    mailbox = Mailbox()
    controller = FreePort(mailbox, **options)
    controller.start()
    try:
        yield mailbox, controller.port
    finally:
        controller.stop()


def certificate(directory):
    """A self-signed certificate for this machine: its server context, and the path to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (directory / "cert.pem").write_bytes(signed.public_bytes(pem))
    private = serialization.PrivateFormat.PKCS8
    (directory / "key.pem").write_bytes(
        key.private_bytes(pem, private, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "cert.pem", directory / "key.pem")
    return context, directory / "cert.pem"
