"""Ask for a task by name once the transaction commits; services so import no tasks."""

import logging

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)


def nudge(task_name: str, *arguments: int) -> None:
    """Send the task after commit. A dead broker loses nothing: beat sweeps every minute."""
    transaction.on_commit(lambda: _send(task_name, arguments))


def _send(task_name: str, arguments: tuple[int, ...]) -> None:
    try:
        current_app.send_task(task_name, args=arguments, retry=False, ignore_result=True)
    except Exception as error:  # the broker's own exceptions differ by transport
        logger.warning("nudge_failed", extra={"task": task_name, "error": str(error)})
