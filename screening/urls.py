from django.urls import path

from screening import result_views, section_views, views

app_name = "screening"
urlpatterns = [
    path("of/<uuid:service_user>/", result_views.of_person, name="of_person"),
    path("of/<uuid:service_user>/start/", views.start, name="start"),
    path("<uuid:pk>/sections/<slug:section>/", section_views.section, name="section"),
    path("<uuid:pk>/form/", views.change_form, name="change_form"),
    path("<uuid:pk>/check/", views.check, name="check"),
    path("<uuid:pk>/", result_views.result, name="result"),
    path("<uuid:pk>/suggestions/<slug:rule>/", result_views.decide, name="decide"),
    path("<uuid:pk>/consent/", result_views.consent, name="consent"),
    path("<uuid:pk>/carry-on/", result_views.carry_on, name="carry_on"),
    path("<uuid:pk>/void/", result_views.void, name="void"),
]
