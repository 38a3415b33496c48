"""The servers that other tests rely on start, answer, and go away."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing

import pytest
import redis
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from tests.servers import (
    CHROMIUM_ARGUMENTS,
    Missing,
    RedisServer,
    chromium_path,
    create_database,
    drop_database,
    postgresql_server,
    redis_server,
    skip_or_fail,
)


@pytest.fixture(scope="module")
def own_postgresql() -> Iterator[str]:
    try:
        with postgresql_server() as url:
            yield url
    except Missing as missing:
        skip_or_fail(missing)


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    try:
        with redis_server() as server:
            yield server
    except Missing as missing:
        skip_or_fail(missing)


def ask(url: str, question: str) -> object:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            result = connection.execute(text(question))
            return result.scalar() if result.returns_rows else None
    finally:
        engine.dispose()


@pytest.mark.postgresql
def test_postgresql_answers_in_unicode(own_postgresql: str) -> None:
    assert ask(own_postgresql, "SHOW server_encoding") == "UTF8"
    assert ask(own_postgresql, "SELECT upper('ärger')") == "ÄRGER"


@pytest.mark.postgresql
def test_each_database_is_a_fresh_copy_of_its_template(own_postgresql: str) -> None:
    template = create_database(own_postgresql)
    ask(template, "CREATE TABLE measure (title text)")
    first = create_database(own_postgresql, template)
    second = create_database(own_postgresql, template)
    ask(first, "INSERT INTO measure VALUES ('Arrive and stay')")
    assert ask(first, "SELECT count(*) FROM measure") == 1
    assert ask(second, "SELECT count(*) FROM measure") == 0


@pytest.mark.postgresql
def test_a_dropped_database_is_gone_from_the_server(own_postgresql: str) -> None:
    url = create_database(own_postgresql)
    drop_database(url)
    names = f"SELECT count(*) FROM pg_database WHERE datname = '{make_url(url).database}'"
    assert ask(own_postgresql, names) == 0
    with pytest.raises(ProgrammingError):
        ask(create_database(own_postgresql), "SELECT * FROM measure")


@pytest.mark.postgresql
def test_postgresql_leaves_no_process_and_no_folder() -> None:
    try:
        with postgresql_server() as url:
            folder = str(make_url(url).query["host"])
            assert os.path.isdir(folder)
    except Missing as missing:
        skip_or_fail(missing)
    assert not os.path.exists(folder)


@pytest.mark.redis
def test_redis_answers(own_redis: RedisServer) -> None:
    with closing(redis.Redis.from_url(own_redis.url, decode_responses=True)) as client:
        client.set("promise", "kept")
        assert client.get("promise") == "kept"


@pytest.mark.redis
def test_a_killed_redis_comes_back_empty_on_the_same_address(own_redis: RedisServer) -> None:
    address, first = own_redis.url, own_redis.pid
    with closing(redis.Redis.from_url(address)) as client:
        client.set("promise", "kept")
        own_redis.kill()
        with pytest.raises(redis.ConnectionError):
            client.get("promise")
    own_redis.start()
    assert (own_redis.url, own_redis.pid == first) == (address, False)
    with closing(redis.Redis.from_url(address)) as client:
        assert client.get("promise") is None


@pytest.mark.browser
def test_chromium_draws_a_page() -> None:
    try:
        program = chromium_path()
    except Missing as missing:
        skip_or_fail(missing)
    page = "data:text/html,<title>Lindhafen</title><p>Arrive and stay"
    done = subprocess.run(
        [program, "--headless", *CHROMIUM_ARGUMENTS, "--dump-dom", page],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "<p>Arrive and stay</p>" in done.stdout
