"""The whole URL map: one include for each app, then the API."""

from csp.decorators import csp_update
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from directory.api import register as register_directory
from inclusion import demo, home, system, timeline, views
from inclusion.leaving import views as leaving_views
from inclusion.merging import views as merging_views
from inclusion.merging.api import register as register_merging
from people.api import register as register_people
from referrals.api import register as register_referrals
from referrals.calls.api import register as register_calls
from referrals.incidents.api import register as register_incidents
from referrals.partner.api import register as register_partners
from referrals.post.api import register as register_letters
from reports.api import register as register_reports
from screening.api import register as register_screening

router = SimpleRouter()
for register in (
    register_people,
    register_screening,
    register_directory,
    register_referrals,
    register_partners,
    register_letters,
    register_calls,
    register_incidents,
    register_merging,
    register_reports,
):
    register(router)

# Its script comes as a file of its own, so that the policy need not let inline scripts in; its icons are data.
api_docs = csp_update({"img-src": ["data:"]})(SpectacularSwaggerSplitView.as_view(url_name="api-schema"))

urlpatterns = [
    path("", home.home, name="home"),
    path("readyz", views.readyz, name="readyz"),
    path("system/", system.system, name="system"),
    path("system/<int:pk>/again/", system.try_again, name="try_again"),
    path("me/", include("accounts.urls")),
    path("account/", include("accounts.sign_in_urls")),
    path("account/demo/", demo.sign_in, name="demo_sign_in"),
    path("colleagues/", leaving_views.colleagues, name="colleagues"),
    path("colleagues/<uuid:pk>/leave/", leaving_views.leave, name="leave"),
    path("people/<uuid:pk>/same-person/", merging_views.find, name="same_person"),
    path("people/<uuid:pk>/same-person/<uuid:other>/", merging_views.compare, name="compare_same_person"),
    path("people/<uuid:pk>/same-person/undo/<uuid:merge>/", merging_views.undo, name="undo_same_person"),
    path("people/<uuid:pk>/timeline/", timeline.timeline, name="timeline"),
    path("people/", include("people.urls")),
    path("screenings/", include("screening.urls")),
    path("directory/exchange/", include("directory.exchange_urls")),
    path("directory/", include("directory.urls")),
    path("openreferral/", include("directory.openreferral_urls")),
    path("referrals/", include("referrals.urls")),
    path("notify/", include("referrals.notify.urls")),
    path("partner/", include("referrals.partner.urls")),
    path("reports/", include("reports.urls")),
    path("api/v1/", include(router.urls)),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/v1/docs/", api_docs, name="api-docs"),
]

handler404 = "inclusion.views.not_found"
handler500 = "inclusion.views.server_error"
