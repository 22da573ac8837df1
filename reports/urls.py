from django.urls import path

from reports import behind_views, saved_views, views, what_if_views

app_name = "reports"
urlpatterns = [
    path("", views.overview, name="caseload"),
    path("caseload.csv", views.caseload_csv, name="caseload_csv"),
    path("summary.pdf", views.summary_pdf, name="summary"),
    path("figure/<slug:code>/", views.figure, name="figure"),
    path("figure/<slug:code>/people/<slug:part>/", behind_views.people, name="behind"),
    path("what-if/", what_if_views.what_if, name="what_if"),
    path("saved/", saved_views.saved, name="saved"),
    path("saved/<uuid:pk>/", saved_views.open_view, name="open_saved"),
    path("saved/<uuid:pk>/remove/", saved_views.remove, name="remove_saved"),
    path("<slug:page>/", views.question, name="question"),
]
