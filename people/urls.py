from django.http import HttpResponse
from django.urls import path

app_name = "people"
urlpatterns = [
    path("", lambda r: HttpResponse(), name="caseload"),
    path("<uuid:pk>/", lambda r, pk: HttpResponse(), name="detail"),
]
