from django.urls import path

from screening import correction_views, decision_views, handover_views, result_views, section_views, views

app_name = "screening"
urlpatterns = [
    path("of/<uuid:service_user>/", result_views.of_person, name="of_person"),
    path("of/<uuid:service_user>/start/", views.start, name="start"),
    path("handed-over/", handover_views.welcome, name="handed_over"),
    path("handed-over/questions/<int:place>/", handover_views.question, name="handed_over_question"),
    path("handed-over/end/", handover_views.give_back, name="give_back"),
    path("<uuid:pk>/hand-over/", handover_views.hand, name="hand_over"),
    path("of/<uuid:service_user>/start/<slug:definition>/", views.start, name="start_other"),
    path("<uuid:pk>/sections/<slug:section>/", section_views.section, name="section"),
    path("<uuid:pk>/form/", views.change_form, name="change_form"),
    path("<uuid:pk>/check/", views.check, name="check"),
    path("<uuid:pk>/", result_views.result, name="result"),
    path("<uuid:pk>/suggestions/<slug:rule>/", decision_views.decide, name="decide"),
    path("<uuid:pk>/suggestions/<slug:rule>/choice/", decision_views.choose, name="choose_rule"),
    path("<uuid:pk>/consent/", result_views.consent, name="consent"),
    path("<uuid:pk>/carry-on/", result_views.carry_on, name="carry_on"),
    path("<uuid:pk>/correct/", correction_views.correct, name="correct"),
    path("<uuid:pk>/void/", result_views.void, name="void"),
]
