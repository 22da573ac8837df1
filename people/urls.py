from django.urls import path

from people import agreement_views, fairness_views, views

app_name = "people"
urlpatterns = [
    path("", views.caseload, name="caseload"),
    path("find/", views.find, name="search"),
    path("add/", views.add, name="add"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/fairness/", fairness_views.fairness, name="fairness"),
    path("<uuid:pk>/contact-plan/", agreement_views.contact_plan, name="contact_plan"),
    path("<uuid:pk>/consents/add/", agreement_views.record_consent, name="record_consent"),
    path("<uuid:pk>/pause/", agreement_views.pause, name="pause"),
    path("<uuid:pk>/resume/", agreement_views.resume, name="resume"),
]
