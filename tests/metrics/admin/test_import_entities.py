"""New entities of a file: named and sorted before they are created."""

from typing import Any

import pytest
from django.test import Client

from metrics.models import Entity, ImportBatch, ProposedEntity, Series
from metrics.services.imports.proposing import ProposalsRefusedError, revise_proposals
from metrics.services.imports.publishing import ImportStateError, publish_import
from tests.metrics.admin.forms import said
from tests.metrics.admin.staff import browser_of
from tests.metrics.factories import NOW, EntityFactory
from tests.metrics.services.imports.conftest import checked, make_layout, private_files

pytestmark = pytest.mark.django_db
__all__ = ["private_files"]

FILE = "entity,name,period,value\nWLD,World,2017,10\nFRA,France,2017,4\n"


@pytest.fixture
def batch() -> ImportBatch:
    layout = make_layout(
        columns={"entity": "entity", "entity_name": "name", "period": "period", "value": "value"},
        unknown_entities="create",
        entity_codes="iso3",
    )
    batch = checked(layout, FILE)
    assert batch.state == "staged"
    return batch


def url(batch: ImportBatch) -> str:
    return f"/admin/metrics/importbatch/{batch.pk}/entities/"


def filled(batch: ImportBatch, **changes: Any) -> dict[str, Any]:
    """The form as the page shows it; `changes` are those of France."""
    rows = list(ProposedEntity.objects.filter(batch=batch).order_by("pk"))
    data: dict[str, Any] = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": len(rows)}
    for number, row in enumerate(rows):
        data[f"form-{number}-id"] = row.pk
        for name in ("slug", "name_zh_hans", "name_en", "kind"):
            changed = changes if row.code == "FRA" else {}
            data[f"form-{number}-{name}"] = changed.get(name, getattr(row, name))
    return data


def test_page_lists_codes_names_kinds_and_series(admin: Client, batch: ImportBatch) -> None:
    page = admin.get(url(batch)).content.decode()
    assert '<th scope="row">WLD' in page
    assert 'value="france"' in page
    assert '<option value="aggregate" selected>' in page
    assert "<small>revenue</small>" in page
    assert (
        f'href="{url(batch)}"'
        in admin.get(url(batch).replace("entities", "change")).content.decode()
    )


def test_what_is_edited_is_what_the_publication_creates(admin: Client, batch: ImportBatch) -> None:
    answer = admin.post(
        url(batch), filled(batch, slug="fr", name_en="French Republic", kind="market")
    )
    assert "The names are saved." in said(answer)
    publish_import(batch, actor=None, now=NOW)
    entity = Entity.objects.get(slug="fr")
    assert (entity.name_en, entity.kind) == ("French Republic", "market")
    assert Series.objects.filter(key="fr.revenue").exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"slug": "germany"}, "An entity has this slug; map the code “FRA” to it"),
        ({"slug": "world"}, "Another new entity of this file has this slug."),
        ({"slug": "no slug"}, "Enter a valid “slug”"),
        ({"slug": ""}, "This field is required."),
        ({"kind": "planet"}, "Select a valid choice."),
        ({"name_en": "x" * 201}, "at most 200 characters"),
    ],
    ids=["standing", "twice", "malformed", "empty", "kind", "long"],
)
def test_proposal_that_cannot_be_is_refused_beside_its_field(
    changes: dict[str, str], message: str, admin: Client, batch: ImportBatch
) -> None:
    EntityFactory(slug="germany")
    page = admin.post(url(batch), filled(batch, **changes)).content.decode()
    assert message in page
    assert ProposedEntity.objects.get(code="FRA").slug == "france"


def test_two_slugs_may_be_exchanged(admin: Client, batch: ImportBatch) -> None:
    one, other = ProposedEntity.objects.filter(batch=batch).order_by("pk")
    one.slug, other.slug = other.slug, one.slug
    assert revise_proposals(batch, [one, other], actor=None) == 2


def test_decided_file_keeps_its_entities(admin: Client, batch: ImportBatch) -> None:
    data = filled(batch, slug="fr")
    publish_import(batch, actor=None, now=NOW)
    assert admin.post(url(batch), data).status_code == 403
    page = admin.get(url(batch)).content.decode()
    assert "france" in page
    assert 'type="submit" class="default"' not in page
    with pytest.raises(ImportStateError):
        revise_proposals(batch, [], actor=None)


def test_service_names_every_refusal(batch: ImportBatch) -> None:
    rows = list(ProposedEntity.objects.filter(batch=batch))
    for row in rows:
        row.slug = "same"
    with pytest.raises(ProposalsRefusedError) as caught:
        revise_proposals(batch, rows, actor=None)
    assert [(one.pk, one.field) for one in caught.value.refusals] == [(rows[1].pk, "slug")]


def test_forged_form_is_refused(admin: Client, batch: ImportBatch) -> None:
    other = ProposedEntity.objects.create(
        batch=checked(make_layout("other"), "entity,period,value\n"),
        code="X",
        slug="x",
        name_zh_hans="x",
        name_en="x",
        kind="market",
    )
    data = filled(batch) | {"form-0-id": other.pk, "form-0-slug": "stolen"}
    assert "The list changed meanwhile" in said(admin.post(url(batch), data))
    other.refresh_from_db()
    assert other.slug == "x"
    assert admin.post(url(batch), {"form-0-id": "1"}).status_code == 200


def test_many_entities_are_paged(admin: Client) -> None:
    layout = make_layout(unknown_entities="create", entity_codes="name")
    rows = "".join(f"Company {n},2017,{n}\n" for n in range(60))
    batch = checked(layout, f"entity,period,value\n{rows}")
    page = admin.get(url(batch)).content.decode()
    assert page.count("<small>revenue</small>") == 50
    assert "Page 1 of 2" in page
    assert admin.get(f"{url(batch)}?page=2").content.decode().count("<small>revenue</small>") == 10


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [("nobody", 403, 403), ("Author", 200, 403), ("Editor", 200, 302), ("Publisher", 200, 302)],
)
def test_role_may_read_or_name_new_entities(
    role: str, reads: int, writes: int, batch: ImportBatch
) -> None:
    browser = browser_of(role)
    assert browser.get(url(batch)).status_code == reads
    assert browser.post(url(batch), filled(batch, slug="fr")).status_code == writes
