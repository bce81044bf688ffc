"""The folder broker: a reader never finds half a message, and never dies of one."""

import threading
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from fintechsite.broker import Channel, Transport, folder_transport


@pytest.fixture
def options(tmp_path: Path) -> dict[str, object]:
    return folder_transport(tmp_path)


def channel(options: dict[str, object]) -> Channel:
    return Connection(transport=Transport, transport_options=options).channel()


def test_celery_uses_this_channel() -> None:
    from fintechsite.celery import app

    connection = app.connection("filesystem://")
    assert isinstance(connection.transport, Transport)


def test_messages_come_back_in_their_order(options: dict[str, object]) -> None:
    one = channel(options)
    one._put("celery", {"n": 1})
    assert one._get("celery") == {"n": 1}
    with pytest.raises(Empty):
        one._get("celery")


def test_reader_beside_writers_gets_every_message_whole(options: dict[str, object]) -> None:
    count = 200

    def write() -> None:
        own = channel(options)
        for number in range(count):
            own._put("celery", {"n": number, "filling": "x" * 20_000})

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    reader, got = channel(options), 0
    while got < 2 * count:
        try:
            reader._get("celery")
        except Empty:
            assert any(writer.is_alive() for writer in writers) or reader._size("celery")
        else:
            got += 1
    assert reader._size("celery") == 0


def test_unreadable_message_is_dropped(options: dict[str, object], tmp_path: Path) -> None:
    (tmp_path / "messages" / "1_x.celery.msg").write_text('{"half":')
    reader = channel(options)
    with pytest.raises(Empty):
        reader._get("celery")
    assert reader._size("celery") == 0
