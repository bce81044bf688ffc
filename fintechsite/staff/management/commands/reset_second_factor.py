"""For the only superuser whose phone and codes are lost."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from fintechsite.staff.services import reset_second_factor


class Command(BaseCommand):
    help = "Take somebody's authenticator app and recovery codes away, with a reason."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="kept in the history of the account")

    def handle(self, *args: Any, **options: Any) -> None:
        users = get_user_model().objects
        user = users.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no user {options['username']}.")
        try:
            reset_second_factor(user, actor=None, reason=options["reason"])
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"The second factor of {user} is reset.")
