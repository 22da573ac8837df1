from django.urls import path

from accounts import take_back, views

app_name = "accounts"
urlpatterns = [
    path("", views.me, name="me"),
    path("take-back/", take_back.take_back, name="take_back"),
    path("switch/", views.switch, name="switch"),
    path("keys/<uuid:pk>/revoke/", views.revoke_token, name="revoke_token"),
]
