"""`any`: membership in a list of thousands, as one parameter."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Field, ForeignKey, Lookup


@Field.register_lookup
@ForeignKey.register_lookup
class AnyOf(Lookup):
    """`filter(pk__any=ids)`: like `in`, as `= ANY(array)`.

    `in` writes a placeholder for every value; with tens of thousands the statement takes longer
    to write and to parse than to run. An empty list matches nothing; None in it is ignored.
    """

    lookup_name = "any"
    prepare_rhs = False

    def __init__(self, lhs: Any, rhs: Iterable[Any]) -> None:
        super().__init__(lhs, [getattr(one, "pk", one) for one in rhs])

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", (*parameters, self.rhs)
