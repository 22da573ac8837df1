from django.urls import path

from directory import editing_views, provider_views, stock_views, views

app_name = "directory"
urlpatterns = [
    path("", views.offers, name="offers"),
    path("offers/<uuid:pk>/", views.offer, name="offer"),
    path("offers/<uuid:pk>/edit/", editing_views.edit_offer, name="edit_offer"),
    path("offers/<uuid:pk>/keep/<slug:what>/", editing_views.keep, name="keep"),
    path("offers/<uuid:pk>/stock/", stock_views.stock, name="stock"),
    path("choose/<uuid:need>/", views.choose, name="choose"),
    path("providers/", provider_views.providers, name="providers"),
    path("providers/add/", provider_views.add_provider, name="add_provider"),
    path("providers/<uuid:pk>/", provider_views.provider, name="provider"),
    path("providers/<uuid:pk>/edit/", provider_views.edit_provider, name="edit_provider"),
    path("providers/<uuid:provider>/offers/add/", editing_views.add_offer, name="add_offer"),
    path("providers/<uuid:provider>/places/add/", provider_views.add_place, name="add_place"),
    path("places/<uuid:pk>/edit/", provider_views.edit_place, name="edit_place"),
]
