"""TLS is checked, and the environment's proxies are honoured: with a server and a proxy here."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.fetching_place import FILE, Desk
from tests.support.http_publisher import Publisher, whole

HOST = "files.example.org"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for the host, signed by nobody but itself; its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "host.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def publisher(certificate: Path) -> Iterator[Publisher]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Publisher(certificate=context) as server:
        server.gives("/a.csv", whole(FILE))
        yield server


class Proxy:
    """Takes CONNECT for any host, and leads all of them to one port of this machine."""

    def __init__(self, port: int) -> None:
        self.heads: list[str] = []
        self._port = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            head = b""
            while b"\r\n\r\n" not in head:
                head += client.recv(4096)
            self.heads.append(head.decode())
            server = socket.create_connection(("127.0.0.1", self._port))
            client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            for one, other in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    @staticmethod
    def _pass_on(one: socket.socket, other: socket.socket) -> None:
        try:
            while came := one.recv(65536):
                other.sendall(came)
        except OSError:
            # The other side has hung up: the test is over.
            return
        finally:
            other.close()

    def close(self) -> None:
        self._listening.close()


@pytest.fixture
def proxy(publisher: Publisher) -> Iterator[Proxy]:
    made = Proxy(publisher.port)
    yield made
    made.close()


@pytest.fixture
def desk(
    tmp_path: Path, publisher: Publisher, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> Desk:
    """Asks https://files.example.org, which only the proxy of the environment leads to."""
    for name in ("no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", f"http://user:pass%20word@{proxy.url}")
    made = Desk(tmp_path, publisher)
    ask(made, HOST)
    return made


def ask(desk: Desk, host: str) -> None:
    desk.addresses.clear()
    origins = frozenset({f"https://{host}:443"})
    desk.address(url=f"https://{host}/a.csv", origins=origins, is_local=False)


def test_a_certificate_from_nobody_known_is_refused_at_once(
    desk: Desk, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    assert desk.ask()["qof"].outcome == "failed"
    assert desk.problem().problem == "the server's certificate isn't trusted"
    assert "self-signed" in str(desk.problem().got)
    assert publisher.asked == []
    assert desk.clock.slept == []
    assert desk.content() is None


def test_a_certificate_that_is_trusted_by_name_is_taken(
    desk: Desk, certificate: Path, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert desk.ask()["qof"].outcome == "fetched"
    assert desk.content() == FILE
    # By way of the proxy, which is told who we are; the publisher isn't.
    assert proxy.heads[0].startswith(f"CONNECT {HOST}:443 ")
    assert "proxy-authorization: basic dxnlcjpwyxnzihdvcmq=" in proxy.heads[0].lower()
    assert desk.publisher.asked[0].headers["Proxy-Authorization"] is None


def test_a_certificate_for_another_host_is_refused(
    desk: Desk, certificate: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    ask(desk, "www.example.org")
    assert desk.ask()["qof"].outcome == "failed"
    assert "Hostname mismatch" in str(desk.problem().got)
    assert publisher.asked == []


def test_a_proxy_that_isnt_there_is_named_without_its_password(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    monkeypatch.setenv("https_proxy", f"http://user:secret@127.0.0.1:{port}")
    assert desk.ask()["qof"].outcome == "failed"
    assert desk.problem().got == "the proxy gave no connection"
    assert "secret" not in desk.problem().message


def test_a_host_that_no_proxy_names_is_asked_directly(
    desk: Desk, proxy: Proxy, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("no_proxy", "example.org")
    assert desk.ask()["qof"].outcome == "failed"
    # The reserved name leads nowhere: that it was looked for at all shows the way.
    assert desk.problem().got in (
        "the host's name can't be resolved",
        "no connection: it was turned down",
        "no connection within 1 s",
    )
    assert proxy.heads == []
