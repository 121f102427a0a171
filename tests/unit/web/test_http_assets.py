"""Pictures over HTTP: kept by browsers, never taken for a page, downloaded under safe names."""

from __future__ import annotations

import httpx
import pytest

from adapters.web.routes.assets import disposition
from core.session.models import Session
from tests.unit.web.desk_double import DeskDouble, picture


async def test_a_picture_is_given_once_and_kept_by_the_browser(
    client: httpx.AsyncClient, desk: DeskDouble
) -> None:
    asset = desk.keep(picture())
    answer = await client.get(f"/api/assets/{asset.sha256}")
    assert (answer.content, answer.headers["content-type"]) == (picture(), "image/png")
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    tag = {"If-None-Match": answer.headers["etag"]}
    again = await client.get(f"/api/assets/{asset.sha256}", headers=tag)
    assert (again.status_code, again.content) == (304, b"")


async def test_a_picture_is_never_taken_for_a_page(
    client: httpx.AsyncClient, desk: DeskDouble
) -> None:
    answer = await client.get(f"/api/assets/{desk.keep(picture()).sha256}")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers.get_list("content-security-policy") == [
        answer.headers["content-security-policy"]
    ]


async def test_a_picture_that_was_not_recorded_is_told_by_its_bytes(
    client: httpx.AsyncClient, desk: DeskDouble
) -> None:
    desk.loose = {64 * "a": picture(), 64 * "b": b"<script>"}
    known = await client.get(f"/api/assets/{64 * 'a'}")
    assert known.headers["content-type"] == "image/png"
    assert (await client.get(f"/api/assets/{64 * 'b'}")).status_code == 404


@pytest.mark.parametrize("name", [64 * "0", "abc", 64 * "g", "..%2fetc"])
async def test_an_unknown_picture_is_not_found(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/api/assets/{name}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


async def test_a_download_is_an_export_of_its_version(
    client: httpx.AsyncClient, desk: DeskDouble, session: Session
) -> None:
    version = desk.draw(session, picture())
    sha256 = version.asset.sha256
    query = {"download": "mug.png", "format": "webp", "version": version.id}
    answer = await client.get(f"/api/assets/{sha256}", params=query)
    assert desk.exported == [(sha256, "webp", version.id)]
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["content-disposition"].startswith('attachment; filename="mug.webp"')
    assert answer.headers["cache-control"] == "no-store"
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_a_thumbnail_is_small_and_bounded(
    client: httpx.AsyncClient, desk: DeskDouble
) -> None:
    place = f"/api/assets/{desk.keep(picture()).sha256}"
    small = await client.get(place, params={"thumb": 256})
    assert (small.content, small.headers["content-type"]) == (b"small webp of 256", "image/webp")
    for query in ("thumb=63", "thumb=1025", "thumb=256&format=png"):
        assert (await client.get(f"{place}?{query}")).status_code == 400


@pytest.mark.parametrize(
    "query", [{"format": "gif"}, {"version": "v é"}, {"version": 'x"\r\n'}, {"download": 201 * "a"}]
)
async def test_wrong_wishes_are_bad_input(
    client: httpx.AsyncClient, desk: DeskDouble, query: dict[str, str]
) -> None:
    answer = await client.get(f"/api/assets/{desk.keep(picture()).sha256}", params=query)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_input")


@pytest.mark.parametrize(
    ("wish", "mime", "plain", "full"),
    [
        ("mug.png", "image/png", "mug.png", "mug.png"),
        ("mug.PNG", "image/jpeg", "mug.jpg", "mug.jpg"),
        ("mug v1.2", "image/webp", "mug v1.2.webp", "mug%20v1.2.webp"),
        ("", "image/png", "picture.png", "picture.png"),
        ("...", "image/png", "picture.png", "picture.png"),
        (".png", "image/png", "picture.png", "picture.png"),
        ("../../etc/passwd", "image/png", "etc passwd.png", "etc%20passwd.png"),
        ('a"b\r\nX: y', "image/png", "a b X y.png", "a%20b%20X%20y.png"),
        ("Krug – ü", "image/png", "Krug _ _.png", "Krug%20%E2%80%93%20%C3%BC.png"),
        ("evil\u202egnp.exe", "image/png", "evil gnp.exe.png", "evil%20gnp.exe.png"),
    ],
)  # fmt: skip
def test_names_of_downloads_are_safe(wish: str, mime: str, plain: str, full: str) -> None:
    said = disposition(wish, mime)
    assert said == f"attachment; filename=\"{plain}\"; filename*=UTF-8''{full}"
