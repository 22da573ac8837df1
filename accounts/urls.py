from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.me, name="me"),
    path("switch/", views.switch, name="switch"),
    path("keys/<uuid:pk>/revoke/", views.revoke_token, name="revoke_token"),
]
