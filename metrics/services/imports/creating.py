"""The entities and series that a file brings, created when it goes live."""

from metrics.models import Entity, ImportBatch, ImportLayout, ProposedEntity, Series
from metrics.services.imports.resolving import usual_slug


def create_proposed(batch: ImportBatch) -> bool:
    """Create the entities and series that the file brings; whether there were any."""
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
    proposed = list(batch.proposed_series.select_related("indicator", "entity"))
    standing = set(Series.objects.values_list("key", flat=True)) if proposed else set()
    series = []
    for one in proposed:
        entity = one.entity or made[one.proposal_id or 0]
        key = f"{entity.slug}.{one.indicator.key}"
        if key in standing:
            key = f"{key}.{one.frequency.lower()}"
        standing.add(key)
        series.append(
            Series(
                pk=one.reserved_id,
                key=key,
                entity=entity,
                indicator=one.indicator,
                frequency=one.frequency,
            )
        )
    Series.objects.bulk_create(series, batch_size=2000)
    return bool(series)


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
