"""Pictures: added once, then only looked at."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from translated_fields import TranslatedFieldAdmin

from cases.models import Picture
from cases.selectors.addresses import picture_url
from cases.selectors.pictures import texts_showing
from cases.services.pictures import MOST_UPLOADED, FitPicture, PictureError, add_picture, made_fit

ADDED = ("slug", "credit_zh_hans", "credit_en", "licence")


class PictureForm(forms.ModelForm):
    file = forms.FileField(
        label=capfirst(_("file")),
        help_text=_(
            "PNG, JPEG or WebP. It is turned upright, made at most 1600 pixels wide, and what a "
            "camera wrote into it, such as the place, is left out."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )

    class Meta:
        model = Picture
        fields = ADDED

    def clean_file(self) -> FitPicture:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_UPLOADED:
            text = _("Expected at most %(most)d bytes; this file has %(size)d.")
            raise forms.ValidationError(text % {"most": MOST_UPLOADED, "size": file.size})
        try:
            return made_fit(file.read())
        except PictureError as error:
            raise forms.ValidationError(str(error)) from None


@admin.register(Picture)
class PictureAdmin(TranslatedFieldAdmin, admin.ModelAdmin):
    """A picture that a text shows stays; one that none shows can be deleted."""

    list_display = ["slug", "credit", "media_type", "width", "height", "added_at", "added_by"]
    list_select_related = ["added_by"]
    search_fields = ["slug", "credit_zh_hans", "credit_en"]
    date_hierarchy = "added_at"
    form = PictureForm

    def get_queryset(self, request: HttpRequest) -> QuerySet[Picture]:
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.defer("content")

    def get_fields(self, request: HttpRequest, obj: Picture | None = None) -> Any:
        if obj is None:
            return [*ADDED, "file"]
        return ["slug", "shown", "block", *ADDED[1:], "size", "showing", "added_at", "added_by"]

    def get_readonly_fields(self, request: HttpRequest, obj: Picture | None = None) -> Any:
        return () if obj is None else self.get_fields(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:
        given = {name: form.cleaned_data[name] for name in ADDED}
        fit = form.cleaned_data["file"]
        added = add_picture(fit, **given, actor=request.user, now=timezone.now())
        obj.pk = added.pk

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        used = [f"{row} – {text}" for row in objs for text in texts_showing(row)]
        if used:
            return [], {}, set(), used
        return super().get_deleted_objects(objs, request)

    @admin.display(description=_("picture"))
    def shown(self, picture: Picture) -> str:
        shape = '<img src="{}" width="{}" height="{}" alt="{}" class="picture-shown">'
        width = min(picture.width, 640)
        height = round(picture.height * width / picture.width)
        return format_html(shape, picture_url(picture), width, height, picture.slug)

    @admin.display(description=_("in a text"))
    def block(self, picture: Picture) -> str:
        return format_html("<pre>```image\npicture: {}\nalt: \n```</pre>", picture.slug)

    @admin.display(description=_("size"))
    def size(self, picture: Picture) -> str:
        return f"{picture.width} × {picture.height}"

    @admin.display(description=_("texts that show it"))
    def showing(self, picture: Picture) -> str:
        return ", ".join(texts_showing(picture)) or "—"
