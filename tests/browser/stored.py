"""The rows of a whole database, put back in a fraction of the time that made them."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

# What migrations wrote stays as it is.
KEPT = ("django_migrations",)


@dataclass(frozen=True, slots=True)
class StoredRows:
    """Each table as COPY gives it, and how far each sequence has come."""

    tables: dict[str, bytes]
    sequences: dict[str, int]

    @staticmethod
    def taken() -> "StoredRows":
        with connection.cursor() as cursor:
            # Not the temporary ones of the session.
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            names = {name for (name,) in cursor.fetchall()}
            tables = {}
            for name in sorted(names - set(KEPT)):
                with cursor.copy(f'COPY "{name}" TO STDOUT (FORMAT binary)') as copy:
                    tables[name] = b"".join(bytes(part) for part in copy)
            cursor.execute(
                "SELECT sequencename, last_value FROM pg_sequences"
                " WHERE schemaname = 'public' AND last_value IS NOT NULL"
            )
            return StoredRows(tables, dict(cursor.fetchall()))

    def put_back(self) -> None:
        """In place of whatever the tables hold."""
        with transaction.atomic(), connection.cursor() as cursor:
            # Neither foreign keys nor triggers: the rows have been through them.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("TRUNCATE {}".format(", ".join(f'"{name}"' for name in self.tables)))
            for name, rows in self.tables.items():
                with cursor.copy(f'COPY "{name}" FROM STDIN (FORMAT binary)') as copy:
                    copy.write(rows)
            for name, value in self.sequences.items():
                cursor.execute("SELECT setval(%s::regclass, %s)", [f'"{name}"', value])
        ContentType.objects.clear_cache()
