"""What somebody types into a page travels sealed in its address, so that no log between browser and platform holds it.

Search fields and questions post to `ask`; the answer leads to the same page with what was typed under `words`, encrypted for that
account (on pages open to everybody: for everybody). The page reads `request.GET` as if it stood there in clear; paging, going back and
exporting take the sealed address along. docs/decisions, "Words travel sealed", says why.
"""

import base64
import binascii
from collections.abc import Callable, Iterable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from renshe.kernel.common.verdict import Reason, Refused
from renshe.kernel.privacy.sealing import Unreadable, seal, unseal

WORDS = "words"
COLUMN = "address.words"
EVERYBODY = 0
LONGEST = 4000  # bytes of what was typed: proxies take addresses of eight kilobytes
UNREADABLE = "地址里查找或填写的内容打不开：它只给填写的账户本人用，密钥更换后也会失效。请重新填写。"


def sealed(pairs: Iterable[tuple[str, str]], account_id: int) -> str:
    """What was typed as one word for an address. Raises Refused when it is too long for one."""
    text = urlencode(list(pairs))
    if len(text) > LONGEST:
        raise Refused(Reason("too_long", "填写的内容太长，请缩短后再试", then=f"合计不超过{LONGEST // 9}个汉字"))
    return base64.urlsafe_b64encode(seal(COLUMN, f"{account_id} {text}")).decode().rstrip("=")


def opened(query: QueryDict, account_id: int) -> QueryDict:
    """A query with its sealed words in clear. Raises Unreadable: another's, altered, or under a key that is gone."""
    clear = query.copy()
    for word in clear.pop(WORDS, []):
        try:
            owner, _, text = unseal(COLUMN, base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))).partition(" ")
        except (binascii.Error, ValueError):
            raise Unreadable(UNREADABLE) from None
        if owner not in (str(EVERYBODY), str(account_id)):
            raise Unreadable(UNREADABLE)
        clear.update(QueryDict(text))
    return clear


def address(request: HttpRequest, *but: str) -> str:
    """The query as it stands in the address, words sealed, for links to the same list; without the parameters `but`."""
    query = QueryDict(request.META.get("QUERY_STRING", ""), mutable=True)
    for name in but:
        query.pop(name, None)
    return query.urlencode()


def words_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Opens what an address carries sealed. What does not open is said, and the page shown without it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if WORDS in request.GET:
            try:
                request.GET = opened(request.GET, request.actor.account_id)  # type: ignore[attr-defined]
            except Unreadable:
                messages.warning(request, UNREADABLE)
                rest = address(request, WORDS)
                return redirect(f"{request.path}?{rest}" if rest else request.path)
        return get_response(request)

    return middleware
