"""Addresses of the endpoints of texts."""

from rest_framework.routers import SimpleRouter

from cases.api.texts import CaseViewSet, TechnologyViewSet

router = SimpleRouter(trailing_slash=False)
router.register("cases", CaseViewSet, basename="case")
router.register("technologies", TechnologyViewSet, basename="technology")

urlpatterns = router.urls
