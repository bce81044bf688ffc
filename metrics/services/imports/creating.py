"""The entities and series that a file brings, created when it goes live."""

from metrics.models import Entity, ImportBatch, ImportLayout, ProposedEntity, ProposedSeries, Series
from metrics.services.imports.proposed import usual_slug


def create_proposed(batch: ImportBatch) -> bool:
    """Create the entities and series that the file brings; whether there were any."""
    return bool(_create_series(batch, _create_entities(batch)))


def _create_entities(batch: ImportBatch) -> dict[int, Entity]:
    """The entities by the id of their proposal; one that stands by now is taken as it is."""
    made: dict[int, Entity] = {}
    named: dict[str, str] = {}
    for new in batch.proposed_entities.order_by("pk"):
        made[new.pk], _ = Entity.objects.get_or_create(
            slug=new.slug,
            defaults={
                "name_zh_hans": new.name_zh_hans,
                "name_en": new.name_en,
                "kind": new.kind,
            },
        )
        if new.slug != _found_by(new, batch.layout_frozen["entity_codes"]):
            named[new.code] = new.slug
    _remember(batch, named)
    return made


def _create_series(batch: ImportBatch, made: dict[int, Entity]) -> list[Series]:
    proposed = list(batch.proposed_series.select_related("indicator", "entity"))
    keys = {one.pk: f"{_entity(one, made).slug}.{one.indicator.key}" for one in proposed}
    taken = set(Series.objects.filter(key__any=keys.values()).values_list("key", flat=True))
    series = []
    for one in proposed:
        key = keys[one.pk]
        if key in taken:
            key = f"{key}.{one.frequency.lower()}"
        taken.add(key)
        series.append(
            Series(
                pk=one.reserved_id,
                key=key,
                entity=_entity(one, made),
                indicator=one.indicator,
                frequency=one.frequency,
            )
        )
    return Series.objects.bulk_create(series, batch_size=2000)


def _entity(one: ProposedSeries, made: dict[int, Entity]) -> Entity:
    return one.entity or made[one.proposal_id or 0]


def _found_by(new: ProposedEntity, codes: str) -> str:
    """The slug under which the next file would find the entity by itself; "" for none."""
    if codes == "iso3":
        return usual_slug(new.code)
    if codes == "slug":
        return new.code
    return new.slug if new.code.casefold() == new.name_en.casefold() else ""


def _remember(batch: ImportBatch, named: dict[str, str]) -> None:
    """Note in the layout which entities its codes stand for, for the next file."""
    if named:
        layout = ImportLayout.objects.select_for_update().get(pk=batch.layout_id)
        layout.entities = {**layout.entities, **named}
        layout.save(update_fields=["entities"])
