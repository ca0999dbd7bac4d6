"""Addresses, arXiv identifiers and DOIs, judged from their letters."""

from __future__ import annotations

from datetime import date

import pytest
from docscheck import addresses, arxiv, doi

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "identifier",
    [
        "1706.03762",
        "0704.0001",
        "1412.9999",
        "1501.00001",
        "2611.12345",
        "hep-th/9901001",
        "math.GT/0309136",
        "cs/0703001",
    ],
)
def test_identifiers_that_can_exist(identifier: str) -> None:
    assert arxiv.fault(identifier, TODAY) is None


@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        ("1713.03762", "not a month"),
        ("1700.03762", "not a month"),
        ("2612.00001", "in the future"),
        ("1706.0376", "5 digits"),
        ("1406.01234", "4 digits"),
        ("0703.0001", "begin with"),
        ("170603762", "dot"),
        ("hep-th/99010011", "seven digits"),
        ("hep-th/9913001", "not a month"),
        ("hep-tx/9901001", "no archive"),
        ("hep-th/0704001", "March 2007"),
        ("attention", "not the form"),
        ("1706.00000", "counted from 1"),
    ],
)
def test_identifiers_that_cannot_exist_are_refused_with_a_reason(identifier: str, words: str) -> None:
    fault = arxiv.fault(identifier, TODAY)
    assert fault is not None
    assert words in fault


def test_an_address_is_taken_apart() -> None:
    address = arxiv.read("https://www.arxiv.org/pdf/1706.03762v5.pdf#page=3")
    assert address is not None
    assert (address.kind, address.identifier, address.version, address.suffix) == ("pdf", "1706.03762", "v5", ".pdf")
    assert address.canonical == "https://arxiv.org/abs/1706.03762"
    assert arxiv.has_other_host(address)


@pytest.mark.parametrize(
    "url", ["https://arxiv.org/list/cs.CL/recent", "https://info.arxiv.org/help/", "https://a.org/abs/1"]
)
def test_other_addresses_are_no_papers(url: str) -> None:
    assert arxiv.read(url) is None


@pytest.mark.parametrize("name", ["10.1162/neco.1997.9.8.1735", "10.1016/S0370-2693(97)00123-4", "10.1000.10/123456"])
def test_dois_that_can_exist(name: str) -> None:
    assert doi.fault(name) is None


@pytest.mark.parametrize("name", ["1.1162/neco", "10.1162", "10.1162/", "doi:10.1162/neco", "10.12/neco", "neco"])
def test_dois_that_cannot_exist_are_refused(name: str) -> None:
    assert doi.fault(name) is not None


@pytest.mark.parametrize("name", ["NECO_a_00142", "s41586-024-07487-w", "zenodo.1234567"])
def test_addresses_without_the_registrant(name: str) -> None:
    assert doi.read(f"https://doi.org/{name}") is not None


@pytest.mark.parametrize("name", ["10/abc123", "abc123", "factsheets/2021_05_3.html", "doi-handbook"])
def test_other_addresses_of_the_resolver(name: str) -> None:
    assert doi.read(f"https://doi.org/{name}") is None
    assert doi.read("https://www.doi.org/news_2023-10-12") is None


@pytest.mark.parametrize(
    "url",
    [
        "htps://a.org",
        "https//a.org",
        "https:/a.org",
        "https://https://a.org",
        "http;//a.org",
        "https:\\\\a.org",
        "https:a.org",
        "hhttps://a.org",
        "ttps://a.org",
        "https:///a.org",
        "http:://a.org",
    ],
)
def test_slips_in_the_scheme(url: str) -> None:
    assert addresses.scheme_fault(url) is not None


@pytest.mark.parametrize(
    "url",
    [
        "https://a.org",
        "http://a.org/http://b.org",
        "mailto:a@b.org",
        "page.md",
        "../https.md",
        "httpx.md",
        "http/index.md",
        "https-setup.md",
        "tel:+49",
        "vscode://file/x",
        "https://web.archive.org/web/2020/https://a.org",
        "http.md",
    ],
)
def test_schemes_that_are_right(url: str) -> None:
    assert addresses.scheme_fault(url) is None


def test_search_pages_and_trackers() -> None:
    assert addresses.is_search_page("https://www.google.com/search?q=a")
    assert addresses.is_search_page("https://scholar.google.co.uk/scholar?q=a")
    assert not addresses.is_search_page("https://www.google.com/maps?q=a")
    assert not addresses.is_search_page("https://github.com/a/b/issues?q=is%3Aopen")
    assert addresses.trackers("https://a.org/?id=3&utm_source=x&fbclid=1") == ["utm_source", "fbclid"]
    assert addresses.trackers("https://a.org/?source=x") == []
    assert addresses.trackers("https://youtu.be/aircAruvnKk?si=Qk3vW1c0") == ["si"]
    assert addresses.trackers("https://a.org/convert?si=metre") == []


def test_plain_http_spares_what_cannot_be_otherwise() -> None:
    assert addresses.is_plain_http("http://talks.bpe.net/a")
    for url in (
        "http://localhost:8000",
        "http://www.w3.org/2000/svg",
        "http://10.0.0.1/",
        "http://example.com/",
        "https://a.org",
    ):
        assert not addresses.is_plain_http(url)
