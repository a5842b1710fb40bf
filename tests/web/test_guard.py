"""Who may ask, from where, and what a browser may do with the answer."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import KEY
from web.app import create_app
from web.settings import Settings


def test_every_answer_carries_the_headers_of_safety(client: FlaskClient) -> None:
    for path in ("/", "/nothing-here", "/static/segue.css"):
        with client.get(path) as response:
            headers = response.headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8484"])
def test_another_host_name_is_refused(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1:8484", "localhost", "[::1]:8484"])
def test_the_names_of_this_machine_are_let_in(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


def test_what_another_site_sends_is_refused(client: FlaskClient) -> None:
    origins = ("https://evil.example", "null", "http://[", "http://localhost@evil.example", "localhost")
    for headers in (*({"Origin": one} for one in origins), {"Sec-Fetch-Site": "cross-site"}):
        assert client.post("/sign-in", data={"token": "x"}, headers=headers).status_code == 403


def test_a_form_without_its_own_token_is_refused(client: FlaskClient) -> None:
    assert client.post("/sign-in", data={"token": "x"}).status_code == 400


def test_a_long_address_and_a_long_body_are_refused(client: FlaskClient) -> None:
    assert client.get("/?q=" + "a" * 20_000).status_code == 414
    assert client.post("/sign-in", data={"token": "a" * 2_000_000}).status_code == 413


class TestWithAToken:
    @pytest.fixture
    def client(self, made: Path) -> FlaskClient:
        return create_app(made, Settings(key=KEY, token="a generated token")).test_client()

    def test_programs_have_to_show_it(self, client: FlaskClient) -> None:
        assert client.get("/next").status_code == 401
        assert client.get("/", headers={"Authorization": "Bearer wrong"}).status_code == 401
        assert client.get("/", headers={"Authorization": "Bearer a generated token"}).status_code == 200

    def test_people_are_asked_for_it_once(self, client: FlaskClient) -> None:
        html = {"Accept": "text/html"}
        sent = client.get("/?q=circuit", headers=html)
        assert sent.status_code == 302
        page = client.get(sent.location, headers=html).get_data(as_text=True)
        csrf = page.partition('name="csrf_token" value="')[2].partition('"')[0]
        wrong = client.post("/sign-in", data={"csrf_token": csrf, "token": "wrong"})
        assert wrong.status_code == 403
        data = {"csrf_token": csrf, "token": "a generated token", "next": "/?q=circuit"}
        assert client.post("/sign-in", data=data).location == "/?q=circuit"
        assert client.get("/?q=circuit", headers=html).status_code == 200

    def test_signing_in_leads_to_no_other_site(self, client: FlaskClient) -> None:
        page = client.get("/sign-in").get_data(as_text=True)
        csrf = page.partition('name="csrf_token" value="')[2].partition('"')[0]
        strange = ("/\t/evil.example", "/\n/evil.example", "/\r\nSet-Cookie: a=b", "\t//evil.example")
        for target in ("https://evil.example", "//evil.example", "/\\evil.example", *strange):
            data = {"csrf_token": csrf, "token": "a generated token", "next": target}
            assert client.post("/sign-in", data=data).location == "/"

    def test_looking_is_no_attempt_to_sign_in(self, client: FlaskClient) -> None:
        assert client.head("/sign-in").status_code == 200

    def test_being_alive_is_no_secret(self, client: FlaskClient) -> None:
        assert client.get("/healthz").status_code == 200
