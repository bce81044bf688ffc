"""A licence in both languages: the column there is becomes the English one, under its old name."""

from django.db import migrations, models


def _english() -> models.CharField:
    return models.CharField(
        blank=True, db_column="licence", max_length=200, verbose_name="licence"
    )


def _chinese() -> models.CharField:
    return models.CharField(blank=True, default="", max_length=200, verbose_name="licence")


class Migration(migrations.Migration):
    dependencies = [("metrics", "0017_told")]

    operations = [
        operation
        for model in ("source", "historicalsource")
        for operation in (
            migrations.AlterField(model, "licence", _english()),
            migrations.RenameField(model, "licence", "licence_en"),
            migrations.AddField(model, "licence_zh_hans", _chinese(), preserve_default=False),
        )
    ]
