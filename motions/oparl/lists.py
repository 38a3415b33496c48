"""External lists: pages that lead to the next one, filters by time that really filter, deleted objects where they belong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import parse_qs, urlencode, urlsplit

from motions.oparl.checks import Fault, Object, moment

EVERYTHING = "1970-01-01T00:00:00+00:00"
FILTERS = ("created_since", "created_until", "modified_since", "modified_until")
MOST_PAGES = 100_000


class Reader(Protocol):
    """Reads a JSON object from an address; notes what is wrong with the answer, and gives None for what is no object."""

    def __call__(self, address: str) -> dict[str, Any] | None: ...


@dataclass
class Pages:
    """A list as it was read, page after page."""

    items: list[Object] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def with_filter(address: str, name: str, value: str) -> str:
    """The address of a list with one filter more."""
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode({name: value})}"


def read_list(address: str, read: Reader) -> Pages:
    """Follow a list from its first page to its last, and check how it is built."""
    found, sizes, seen = Pages(), [], set[str]()
    filters = {name: value for name, value in parse_qs(urlsplit(address).query).items() if name in FILTERS}
    page_at: str | None = address
    total: object = None
    while page_at is not None:
        if page_at in seen or len(seen) >= MOST_PAGES:
            found.faults.append(Fault("list_loops", address, "links", page_at))
            break
        seen.add(page_at)
        page = read(page_at)
        if page is None:
            break
        data, links = page.get("data"), page.get("links")
        if (
            not isinstance(data, list)
            or not isinstance(links, dict)
            or not isinstance(page.get("pagination"), dict)
        ):
            found.faults.append(Fault("list_shape", page_at, "", "data, pagination and links are needed"))
            break
        found.items += [each for each in data if isinstance(each, dict)]
        sizes.append(len(data))
        total = page["pagination"].get("totalElements", total)
        found.faults += _check_links(page_at, links, filters)
        following = links.get("next")
        page_at = following if isinstance(following, str) else None
    if len(set(sizes[:-1])) > 1 or (sizes[:-1] and sizes[-1] > sizes[0]):
        found.faults.append(Fault("pages_uneven", address, "data", ", ".join(map(str, sizes))))
    if len(sizes) > 1 and not sizes[-1]:
        found.faults.append(Fault("page_empty", address, "links", "the last page"))
    if isinstance(total, int) and total != len(found.items):
        found.faults.append(
            Fault("total_wrong", address, "pagination", f"{total}, but {len(found.items)} found")
        )
    ids = [str(each.get("id")) for each in found.items]
    found.faults += [
        Fault("list_twice", address, "data", id) for id in sorted({id for id in ids if ids.count(id) > 1})
    ]
    return found


def _check_links(page_at: str, links: dict[str, Any], filters: dict[str, list[str]]) -> Iterator[Fault]:
    for name, link in links.items():
        if link is None:
            yield Fault("null", page_at, f"links.{name}")
        elif filters and name in ("next", "first", "last", "prev"):
            kept = parse_qs(urlsplit(str(link)).query)
            if any(kept.get(key) != value for key, value in filters.items()):
                yield Fault("filter_lost", page_at, f"links.{name}", str(link))


def check_filters(address: str, whole: Sequence[Object], read: Reader) -> Iterator[Fault]:
    """Each filter at the middle of what there is: what belongs comes, and nothing else."""
    for name in FILTERS:
        key, until = name.split("_")[0], name.endswith("until")
        times = sorted(each for each in (moment(str(item.get(key))) for item in whole) if each is not None)
        if not times:
            continue
        middle = times[len(times) // 2]
        filtered = read_list(with_filter(address, name, middle.isoformat()), read)
        yield from filtered.faults
        came = {str(each.get("id")): moment(str(each.get(key))) for each in filtered.items}
        for id, time in came.items():
            if time is not None and (time > middle if until else time < middle):
                yield Fault("filter_ignored", address, name, id)
        for each in whole:
            time = moment(str(each.get(key)))
            if (
                time is not None
                and (time <= middle if until else time >= middle)
                and str(each.get("id")) not in came
            ):
                yield Fault("filter_misses", address, name, str(each.get("id")))


def check_deleted(address: str, whole: Sequence[Object], everything: Sequence[Object]) -> Iterator[Fault]:
    """Deleted objects stand only in lists that were asked for changes. ``everything`` is the list since the beginning."""
    for each in whole:
        if each.get("deleted") is True:
            yield Fault("deleted_listed", address, "data", str(each.get("id")))
    listed = {str(each.get("id")) for each in everything}
    for each in whole:
        if str(each.get("id")) not in listed:
            yield Fault("filter_misses", address, "modified_since", str(each.get("id")))
