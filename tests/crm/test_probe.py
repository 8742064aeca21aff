"""The way to a service: name, port, certificate, each told apart."""

import datetime
import ipaddress
import ssl
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_server
from typing import Any
from urllib.parse import urlsplit

import pytest

from crmtui.crm import probe
from crmtui.crm.http import tls_context
from crmtui.crm.probe import Place, certificate_ends, connect, place_of, resolve
from crmtui.model.errors import Unreachable
from tests.proxy import Canned, answer, closed_port

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.mark.parametrize(
    ("url", "proxy", "place"),
    [
        ("https://crm.example", "", Place("crm.example", 443)),
        ("https://crm.example:8443", "", Place("crm.example", 8443)),
        ("https://[::1]:8443", "", Place("::1", 8443)),
        ("http://127.0.0.1:81", "http://proxy.example:3128", Place("127.0.0.1", 81)),
        ("https://crm.example", "http://proxy.example:3128", Place("proxy.example", 3128, True)),
        ("https://crm.example", "proxy.example:3128", Place("proxy.example", 3128, True)),
        ("https://crm.internal", "http://proxy.example:3128", Place("crm.internal", 443)),
    ],
)
def test_where_calls_go(url: str, proxy: str, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    if proxy:
        monkeypatch.setenv("https_proxy", proxy)
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.setenv("no_proxy", "crm.internal")
    assert place_of(url) == place


def test_an_address_is_written_as_urls_write_it() -> None:
    assert [str(Place("::1", 80)), str(Place("crm.example", 443))] == ["[::1]:80", "crm.example:443"]


def test_a_name(run: Run) -> None:
    assert "127.0.0.1" in run(resolve(Place("127.0.0.1", 80)))
    with pytest.raises(Unreachable, match=r"nowhere.invalid is not known here .*connection's url"):
        run(resolve(Place("nowhere.invalid", 443)))
    with pytest.raises(Unreachable, match=r"nowhere.invalid .*proxy in the environment"):
        run(resolve(Place("nowhere.invalid", 443, True)))


def test_a_port(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with Canned(answer(200)) as canned:
        assert 0 < run(connect(of(canned.url))) < 5000
        assert canned.requests == [], "nothing is asked"
    with closed_port() as url, pytest.raises(Unreachable, match="the connection was refused"):
        run(connect(of(url)))


def of(url: str) -> Place:
    parts = urlsplit(url)
    return Place(parts.hostname or "", parts.port or 0)


class Signed:
    """A certificate of our own making for 127.0.0.1."""

    def __init__(self, folder: Path, days: int) -> None:
        x509 = pytest.importorskip("cryptography.x509")
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "crmtui tests")])
        self.ends = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days)).replace(
            microsecond=0
        )
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.ends - datetime.timedelta(days=400))
            .not_valid_after(self.ends)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
                critical=False,
            )
            .sign(key, hashes.SHA256())
        )
        self.file = folder / "certificate.pem"
        self.file.write_bytes(
            made.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )

    @contextmanager
    def served(self) -> Iterator[Place]:
        """A port at which TLS is spoken with this certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file)
        with create_server(("127.0.0.1", 0)) as listening:

            def serve() -> None:
                try:
                    client, _ = listening.accept()
                    with context.wrap_socket(client, server_side=True) as line:
                        line.recv(1)
                except OSError:
                    return

            thread = threading.Thread(target=serve, daemon=True)
            thread.start()
            yield Place("127.0.0.1", listening.getsockname()[1])
        thread.join(5)


@pytest.fixture
def fresh_trust() -> Iterator[None]:
    """What is trusted is read anew."""
    tls_context.cache_clear()
    yield
    tls_context.cache_clear()


@pytest.mark.usefixtures("fresh_trust")
def test_a_certificate_that_is_trusted(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signed = Signed(tmp_path, 90)
    monkeypatch.setenv("SSL_CERT_FILE", str(signed.file))
    with signed.served() as place:
        assert run(certificate_ends(place)) == signed.ends.timestamp()


@pytest.mark.usefixtures("fresh_trust")
@pytest.mark.parametrize(
    ("days", "words"), [(90, "not trusted .*self-signed"), (-2, "not trusted .*expired")]
)
def test_a_certificate_that_is_not(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, words: str
) -> None:
    signed = Signed(tmp_path, days)
    if days < 0:
        monkeypatch.setenv("SSL_CERT_FILE", str(signed.file))
    with signed.served() as place, pytest.raises(Unreachable, match=words):
        run(certificate_ends(place))


def test_what_speaks_no_tls(run: Run) -> None:
    def refuse() -> None:
        client, _ = listening.accept()
        with client:
            client.recv(65536)
            client.sendall(answer(400))

    with create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=refuse, daemon=True)
        thread.start()
        with pytest.raises(Unreachable, match=r"No secure line to .* \(wrong version number\)"):
            run(certificate_ends(Place("127.0.0.1", listening.getsockname()[1])))
    thread.join(5)


def test_silence_ends(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "CONNECT_SECONDS", 0.2)
    with create_server(("127.0.0.1", 0)) as listening:
        place = Place("127.0.0.1", listening.getsockname()[1])
        with pytest.raises(Unreachable, match="no answer within"):
            run(certificate_ends(place))
