"""Web addresses: what is wrong with one, judged from its letters alone; nothing is asked of the net."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from docscheck.patterns import lazy

_GOOD_SCHEME = lazy(r"(?:https?|ftps?|sftp|ssh|git|wss?|irc|xmpp)://[^/\s:]", re.I)
_SLIPS = (
    (lazy(r"https?:/*https?:?/*", re.I), "the scheme is written twice"),
    (lazy(r"https?//", re.I), "the colon after the scheme is missing"),
    (lazy(r"https?:/(?!/)", re.I), "a slash after the scheme is missing"),
    (lazy(r"https?:///+", re.I), "there is one slash too many after the scheme"),
    (lazy(r"https?:(?!/)", re.I), "the slashes after the scheme are missing"),
    (lazy(r"https?[;,.]+:?//", re.I), "the scheme does not end with a colon"),
    (lazy(r"https?::+//", re.I), "there is one colon too many after the scheme"),
    (lazy(r"https?:\\+", re.I), "the slashes are backslashes"),
    (
        lazy(r"(?:e?mail|maito|mailt|mialto|mailtoo|mail-to):|mailto://|mailto(?=[\w.+-]+@)", re.I),
        "the scheme of a mail address is `mailto:`",
    ),
    (lazy(r"mailto:\s+\S+@", re.I), "there is a space behind `mailto:`"),
    (
        lazy(r"mailto:(?=[^?@{}%\s])[^?@{}%\s]+(?:\?|$|(?:[ ]?[\[(]at[\])][ ]?|[ ]at[ ])\S+$)", re.I),
        "a mail address needs an `@`",
    ),
    (
        lazy(r"(?:(?:tele)?phone|telefono?|telefone|téléphone|tlf|handy|mobile):(?=/{0,2}[+(]?\d)", re.I),
        "the scheme of a telephone number is `tel:`",
    ),
    (lazy(r"doi:\s*10\.", re.I), "browsers do not know `doi:`"),
    (lazy(r"arxiv:\s*\d{4}\.\d", re.I), "browsers do not know `arxiv:`"),
    (
        lazy(r"(?!https?:)(?:(?=[htps]*h)(?=[htps]*t)[htps]{3,8}|hxxps?|t+ps?|h+p+s*):/+", re.I),
        "the scheme is misspelt",
    ),
)
_PLACEHOLDERS_TEXT = """
todo tbd tba fixme xxx url link href address your-link your_link link-here link_here insert-link insert_link_here
insert-link-here path/to/file path/to/page placeholder foo bar ... … ? ?? ??? here example
"""
PLACEHOLDERS = frozenset(_PLACEHOLDERS_TEXT.split())
"""Words that stand for an address until it is known."""
_MAIL = lazy(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_BARE_HOST = lazy(
    r"www\.[\w-]+(?:\.[\w-]+)+(?:[/?#:].*)?"
    r"|(?:[a-z0-9-]+\.)+(?:com|org|net|edu|gov|io|dev|ai|co\.uk|de|fr|eu)(?::\d+(?!\d))?(?:[/?#].*)?",
    re.I,
)
_LOCAL_FILE = lazy(r"file:|sandbox:/|[a-z]:[\\/]|/(?:home|Users|mnt|tmp|var)/", re.I)
_LOCAL_HOST = lazy(r"localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1\]|::1", re.I)
_ENCRYPTED_NETS = (".onion", ".i2p")
"""Nets that encrypt what they carry, and name their hosts by their keys: `http:` is their usual scheme."""
_PRIVATE_SUFFIXES = (".local", ".localhost", ".internal", ".test", ".example", ".invalid", ".lan", ".home")
_EXAMPLES = frozenset({"example.com", "example.org", "example.net"})
_NAMES_NOT_PLACES = frozenset({"www.w3.org", "schema.org", "purl.org", "xmlns.com", "schemas.microsoft.com"})
"""Hosts whose plain-http addresses are names of vocabularies, fixed for good."""

_TRACKER_NAMES = """
fbclid gclid dclid msclkid yclid twclid igshid mc_cid mc_eid _hsenc _hsmi hsCtaTracking ref_src mkt_tok vero_id
oly_anon_id oly_enc_id wickedid rb_clickid s_cid trk srsltid gbraid wbraid gad_source ttclid li_fat_id spm_id_from
_ga _gl
"""
_TRACKERS = frozenset(_TRACKER_NAMES.split())
_TRACKERS_OF = (
    ("si", lazy(r"(?:(?:www|m|music)\.)?(?:youtube(?:-nocookie)?\.com|youtu\.be)|open\.spotify\.com")),
    ("igsh", lazy(r"(?:www\.)?instagram\.com")),
    ("mibextid", lazy(r"(?:(?:www|m)\.)?facebook\.com")),
    ("source", lazy(r"(?:[\w-]+\.)?medium\.com|towardsdatascience\.com")),
    *((name, lazy(r"(?:www\.)?amazon(?:\.\w+){1,2}")) for name in ("qid", "tag", "linkCode", "linkId")),
    *((name, lazy(r"(?:(?:www|mobile)\.)?(?:twitter|x)\.com")) for name in ("s", "t")),
    ("vd_source", lazy(r"(?:[\w-]+\.)?bilibili\.com")),
    ("spm", lazy(r"(?:[\w-]+\.)*(?:csdn\.net|aliyun\.com|taobao\.com|tmall\.com)")),
    ("smid", lazy(r"(?:www\.)?nytimes\.com")),
)
"""Names that follow the reader on these hosts only; for others they may say which page is meant."""
SHARERS = frozenset({"si", "igsh", "mibextid"})
"""Those that stand for the person who shared the address."""
_SIGNED = lazy(r"[?&]Expires=\d{9,}&(?:\S*&)?Signature=|[?&]Signature=\S+&Expires=\d{9,}")
_TOKEN = lazy(r"https?://(?:raw\.githubusercontent|github)\.com/[^?#]+\?(?:[^#]*&)?token=[A-Z0-9]{12,}")
"""To a file of a private repository, as the reader who copied it was let in."""
_SEARCH_PAGES = (
    (lazy(r"(?:www\.)?google(?:\.\w+){1,2}"), lazy(r"/(?:search|url)")),
    (lazy(r"scholar\.google(?:\.\w+){1,2}"), lazy(r"/scholar$")),
    (lazy(r"(?:www\.)?bing\.com"), lazy(r"/search")),
    (lazy(r"(?:html\.|www\.)?duckduckgo\.com"), lazy(r"/(?:html/?)?$")),
    (lazy(r"(?:www\.)?baidu\.com"), lazy(r"/s$")),
    (
        lazy(r"search\.(?:yahoo|brave)\.com|(?:www\.)?(?:ecosia\.org|sogou\.com|yandex\.\w+)"),
        lazy(r"/(?:search|web)/?$"),
    ),
    (lazy(r"search\.naver\.com"), lazy(r"/search\.naver")),
    (lazy(r"(?:www\.)?semanticscholar\.org"), lazy(r"/search")),
    (lazy(r"(?:www\.)?youtube\.com"), lazy(r"/results")),
    (lazy(r"(?:www\.)?dblp\.org"), lazy(r"/search/?$")),
    (
        lazy(r"(?:www\.)?(?:github\.com|gitlab\.com|npmjs\.com|stackoverflow\.com|reddit\.com)|pypi\.org"),
        lazy(r"/search/?$"),
    ),
    (
        lazy(r"(?:www\.)?(?:researchgate\.net|sciencedirect\.com)|openreview\.net|link\.springer\.com"),
        lazy(r"/search/?$"),
    ),
    (lazy(r"pubmed\.ncbi\.nlm\.nih\.gov"), lazy(r"/?$")),
    (lazy(r"dl\.acm\.org"), lazy(r"/action/doSearch")),
    (lazy(r"ieeexplore\.ieee\.org"), lazy(r"/search/")),
    (lazy(r"(?:www\.)?arxiv\.org"), lazy(r"/(?:search|a/|find)")),
    (lazy(r"webcache\.googleusercontent\.com"), lazy(r"/search")),
)
_GATES = (
    (lazy(r"link\.(?:zhihu\.com|juejin\.cn|csdn\.net|jianshu\.com)|slack-redir\.net"), lazy(r"/?(?:link)?$")),
    (lazy(r"lm?\.facebook\.com"), lazy(r"/l\.php$")),
    (lazy(r"(?:www\.)?linkedin\.com"), lazy(r"/(?:redir/redirect|safety/go)$")),
    (lazy(r"\w+\.safelinks\.protection\.outlook\.com"), lazy(r"/")),
    (lazy(r"(?:www\.)?youtube\.com"), lazy(r"/redirect$")),
    (lazy(r"(?:www\.)?steamcommunity\.com"), lazy(r"/linkfilter/?$")),
    (lazy(r"t\.umblr\.com"), lazy(r"/redirect$")),
    (lazy(r"vk\.com"), lazy(r"/away\.php$")),
)
"""Where sites send their readers through before they leave, with the address that was meant behind a question mark."""
_COUNTED = lazy(r"https?://(?:t\.co|lnkd\.in)/\w{4,}/?$")
"""What a network puts in the place of every address, to count who follows it."""
_TARGET = lazy(r"(?:^|&)\w+=https?(?::|%3[Aa])")
_WIKI = lazy(r"[\w-]+\.wiki(?:pedia|books|quote|source|data|media)\.org|huggingface\.co")
_SEARCHED = lazy(r"(?:.*&)?search=[^&]")
"""With such a parameter the page of an article becomes a search."""


def scheme_fault(url: str) -> str | None:
    """What is wrong with the beginning of an address, in a clause; None when nothing is."""
    if ":" not in url and "//" not in url and "@" not in url:
        return None
    if _GOOD_SCHEME.match(url) and not re.match(r"https?://https?(?::|//)", url, re.I):
        return None
    return next((fault for pattern, fault in _SLIPS if pattern.match(url)), None)


def host_fault(url: str) -> str | None:
    """What is wrong with the host of a web address, in a clause; None when nothing is."""
    match = re.match(r"https?://([^/?#]*)", url, re.I)
    if match is None:
        return None
    if re.search(r"\s", match[1]):
        return "there is a space in the host"
    if re.fullmatch(r"(?:www)?\.?", match[1], re.I):
        return "the host has no name"
    if match[1].startswith(".") or ".." in match[1] or "," in match[1]:
        return "the host has a dot or comma in the wrong place"
    if re.fullmatch(r"(?:www)?[a-z]{2,}(?<!tele)(?:com|org)", match[1], re.I):
        return "the host has no dot"
    return None


def is_mail(url: str) -> bool:
    """Whether this is a mail address without `mailto:`."""
    return _MAIL.fullmatch(url) is not None


def is_bare_host(url: str) -> bool:
    """Whether this is a web address without its scheme, such as `www.example.org/a`."""
    return _BARE_HOST.fullmatch(url) is not None


def is_local_file(url: str) -> bool:
    """Whether this names a file on the author's own disk."""
    return _LOCAL_FILE.match(url) is not None


def host(url: str) -> str:
    """The host of an address, in lower case; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def is_local_host(url: str) -> bool:
    """Whether the address leads to the reader's own machine."""
    return _LOCAL_HOST.fullmatch(host(url)) is not None


def is_plain_http(url: str) -> bool:
    """Whether the address is `http:` on a host of the public net."""
    if not url.lower().startswith("http://"):
        return False
    name = host(url)
    if "." not in name or re.fullmatch(r"[\d.]+", name) or name in _NAMES_NOT_PLACES:
        return False
    return not name.endswith((*_PRIVATE_SUFFIXES, *_ENCRYPTED_NETS)) and ".".join(name.split(".")[-2:]) not in _EXAMPLES


def trackers(url: str) -> list[str]:
    """The parameters of the address that only say where the reader came from, or who passed the address on."""
    if "?" not in url:
        return []
    try:
        names = [name for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)]
    except ValueError:
        return []
    own = {name for name, hosts in _TRACKERS_OF if name in names and hosts.fullmatch(host(url))}
    return [name for name in names if name in _TRACKERS or name.startswith("utm_") or name in own]


def expires(url: str) -> bool:
    """Whether the address is signed for a short time: a store of files gives out such ones."""
    if "?" not in url:
        return False
    if "X-Goog-Expires=" in url or "X-Amz-Expires=" in url or _SIGNED.search(url):
        return True
    return "token=" in url and _TOKEN.match(url) is not None


def is_led_on(url: str) -> bool:
    """Whether the address of a search engine only leads on to another one."""
    return "/url?" in url


def is_gate(url: str) -> bool:
    """Whether the address only leads on to another one, from a site that watches what its readers follow."""
    if _COUNTED.match(url):
        return True
    if "=http" not in url:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    name = (parts.hostname or "").lower()
    is_known = any(names.fullmatch(name) and paths.match(parts.path) for names, paths in _GATES)
    return is_known and _TARGET.search(parts.query) is not None


def is_search_page(url: str) -> bool:
    """Whether the address is a page of search results, or a search engine's redirect."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if not parts.query:
        return False
    name = (parts.hostname or "").lower()
    if _WIKI.fullmatch(name) and _SEARCHED.match(parts.query):
        return True
    return any(names.fullmatch(name) and paths.match(parts.path) for names, paths in _SEARCH_PAGES)
