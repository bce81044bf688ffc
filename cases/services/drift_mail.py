"""Telling the owners of a case what data changed in its texts."""

from collections import defaultdict
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from cases.models import Case, Drift

MOST_ROWS: Final = 500
SHOWN: Final = 20
MAILING_LOCK: Final = 0x6D61696C  # "mail"


def mail_drift(now: datetime) -> int:
    """One message a case for what is open and untold; how many messages.

    A report on the page of a series is of no case: the queue and the dashboard show it.
    Safe to run twice and side by side: one at a time tells. No row is locked meanwhile, since
    whoever publishes writes the same rows, and would wait for the mail server; what is written
    meanwhile is told again, and so is all where the mail server failed.
    """
    with transaction.atomic():
        if not _try_lock():
            return 0
        rows = list(
            Drift.objects.filter(state=Drift.State.OPEN, mailed_at=None, text__isnull=False)
            .select_related("text__case")
            .order_by("pk")[:MOST_ROWS]
        )
        of_case: dict[Case, list[Drift]] = defaultdict(list)
        for row in rows:
            if row.text is not None:
                of_case[row.text.case].append(row)
        messages = [_message(case, found) for case, found in of_case.items()]
        sent = [message for message in messages if message.to]
        if sent:
            get_connection().send_messages(sent)
        if rows:  # a change since has a higher seq
            told = Drift.objects.filter(pk__in=[row.pk for row in rows])
            told.filter(seq__lte=max(row.seq for row in rows)).update(mailed_at=now)
    return len(sent)


def _try_lock() -> bool:
    """To the end of the transaction, however it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, 0)", [MAILING_LOCK])
        return bool(cursor.fetchone()[0])


def _message(case: Case, rows: list[Drift]) -> EmailMessage:
    with override(settings.LANGUAGE_CODE):
        n = len(rows)
        subject = ngettext(
            "%(case)s: %(n)d sentence to look at", "%(case)s: %(n)d sentences to look at", n
        ) % {"case": case, "n": n}
        lines = [line for row in rows[:SHOWN] for line in _lines(row)]
        if n > SHOWN:
            lines.append(_("… and %(n)d more.") % {"n": n - SHOWN})
    owners = case.owners.filter(is_active=True).exclude(email="")
    return EmailMessage(subject, "\n".join(lines), to=list(owners.values_list("email", flat=True)))


def _lines(row: Drift) -> list[Any]:
    head = f"{row.text} · {row.get_kind_display()}"
    told = [f"− {row.before}"] if row.before else []
    told += [f"+ {row.after}"] if row.after else []
    told += [f"“{row.report}”"] if row.report else []
    return [head, *told, ""]
