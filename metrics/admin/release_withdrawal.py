"""Withdrawing a release: what that does, then the press of a button."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from metrics.admin.import_forms import ReasonForm
from metrics.admin.release_pages import FOLDER, NAME, posted, refuse_unless, release_url
from metrics.admin.release_preview import ReleasePreviews
from metrics.participants import RefusedError
from metrics.services.publishing import may_publish
from metrics.services.withdrawing import withdraw_release, withdrawal_blocks


class ReleaseWithdrawal(ReleasePreviews):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.withdraw_view)
        return [path("<int:pk>/withdraw/", view, name=f"{NAME}_withdraw"), *super().get_urls()]

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What would go back and what keeps it, and a form with the reason."""
        release = self.release_or_404(request, pk)
        refuse_unless(may_publish(request.user))
        form = ReasonForm(posted(request))
        if form.is_valid():
            try:
                change = withdraw_release(
                    release, reason=form.reason, actor=request.user, now=timezone.now()
                )
                text = _("“%(title)s” is withdrawn as change %(seq)d.")
                messages.success(request, text % {"title": release, "seq": change.seq})
                return HttpResponseRedirect(release_url(release))
            except RefusedError as error:
                form.add_error(None, str(error))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Withdraw a release"),
            "release": release,
            "form": form,
            "blocks": withdrawal_blocks(release),
        }
        return TemplateResponse(request, f"{FOLDER}/withdraw.html", context)
