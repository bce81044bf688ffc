"""`any`: membership in a list of thousands, as one parameter."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Field, ForeignKey, Lookup


def array_of(ids: Iterable[int]) -> str:
    """Ids as the text of an array, for `%s::bigint[]`.

    The driver looks at every element of a list for what must be quoted: tens of thousands of
    ids, a dozen times a transaction, took longer than reading what they name.
    """
    return f"{{{','.join(map(str, ids))}}}"


def as_array(values: Collection[Any]) -> Any:
    """A list as the driver is to get it."""
    return array_of(values) if set(map(type, values)) == {int} else list(values)


@Field.register_lookup
@ForeignKey.register_lookup
class AnyOf(Lookup):
    """`filter(pk__any=ids)`: like `in`, as `= ANY(array)`.

    `in` writes a placeholder for every value; with tens of thousands the statement takes longer
    to write and to parse than to run. An empty list matches nothing; None in it is ignored.
    """

    lookup_name = "any"
    prepare_rhs = False

    def __init__(self, lhs: Any, rhs: Any) -> None:
        if hasattr(rhs, "as_sql"):  # the place of a list (selectors.prepared)
            super().__init__(lhs, rhs)
            return
        super().__init__(lhs, as_array([getattr(one, "pk", one) for one in rhs]))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", (*parameters, self.rhs)
