"""The product's addresses, with the twins beside them."""

from django.urls import include, path

from inclusion.benchmarks import stock_forms

urlpatterns = [
    path("", include("inclusion.urls")),
    path("benchmark/<uuid:pk>/sections/<slug:section>/", stock_forms.section, name="stock_section"),
]
