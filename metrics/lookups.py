"""`any`: membership in a list of thousands, as one parameter."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Field, ForeignKey, Lookup


def array_of(ids: Iterable[int]) -> str:
    """Ids as the text of an array, for `%s::bigint[]`.

    The driver looks at every element of a list for what must be quoted: tens of thousands of
    ids, a dozen times a transaction, took longer than reading what they name.
    """
    return f"{{{','.join(map(str, ids))}}}"


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
        keys = [getattr(one, "pk", one) for one in rhs]
        super().__init__(lhs, array_of(keys) if set(map(type, keys)) == {int} else keys)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", (*parameters, self.rhs)
