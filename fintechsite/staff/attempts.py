"""Failed log-ins: counted by user and address, in a table that cannot grow without bound."""

from typing import Any, Final

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.db.models import Max

MOST_ROWS: Final = 10_000


class BoundedAttempts(AxesDatabaseHandler):
    """Rows older than the cool-off go by themselves; of a flood the newest ones stay."""

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: Any = None, **kwargs: Any
    ) -> None:
        super().user_login_failed(sender, credentials, request, **kwargs)
        newest = AccessAttempt.objects.aggregate(newest=Max("pk"))["newest"] or 0
        AccessAttempt.objects.filter(pk__lte=newest - MOST_ROWS).delete()
