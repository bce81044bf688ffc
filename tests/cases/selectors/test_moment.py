"""One consistent view for a page."""

import pytest
from django.db import InternalError, connection, transaction

from metrics.selectors.moment import consistent_read
from metrics.services.clock import publishing
from tests.metrics.factories import NOW, SourceFactory


@pytest.mark.django_db(transaction=True)
def test_read_knows_its_seq_and_cannot_write() -> None:
    with publishing("new", now=NOW) as change:
        pass
    with consistent_read() as seq:
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_isolation")
            isolation = cursor.fetchone()
        assert (seq, isolation) == (change.seq, ("repeatable read",))
    with pytest.raises(InternalError), consistent_read():
        SourceFactory()


@pytest.mark.django_db
def test_read_inside_a_transaction_keeps_the_transaction() -> None:
    with transaction.atomic(), consistent_read() as seq:
        SourceFactory()
        assert seq == 0
