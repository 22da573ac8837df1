"""The whole URL map: one include for each app, then the API."""

from csp.decorators import csp_update
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from directory.api import register as register_directory
from inclusion import demo, home, views
from people.api import register as register_people
from referrals.api import register as register_referrals
from screening.api import register as register_screening

router = SimpleRouter()
for register in (register_people, register_screening, register_directory, register_referrals):
    register(router)

# Its script comes as a file of its own, so that the policy need not let inline scripts in; its icons are data.
api_docs = csp_update({"img-src": ["data:"]})(SpectacularSwaggerSplitView.as_view(url_name="api-schema"))

urlpatterns = [
    path("", home.home, name="home"),
    path("readyz", views.readyz, name="readyz"),
    path("me/", include("accounts.urls")),
    path("account/", include("accounts.sign_in_urls")),
    path("account/demo/", demo.sign_in, name="demo_sign_in"),
    path("people/", include("people.urls")),
    path("screenings/", include("screening.urls")),
    path("directory/", include("directory.urls")),
    path("referrals/", include("referrals.urls")),
    path("reports/", include("reports.urls")),
    path("api/v1/", include(router.urls)),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/v1/docs/", api_docs, name="api-docs"),
]

handler404 = "inclusion.views.not_found"
handler500 = "inclusion.views.server_error"
