from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("", views.caseload, name="caseload"),
    path("caseload.csv", views.caseload_csv, name="caseload_csv"),
]
