from django.urls import path

from directory import views

app_name = "directory"
urlpatterns = [
    path("", views.offers, name="offers"),
    path("offers/<uuid:pk>/", views.offer, name="offer"),
    path("choose/<uuid:need>/", views.choose, name="choose"),
]
