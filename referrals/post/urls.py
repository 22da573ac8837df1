"""Below /referrals/letters/, in the names of referrals."""

from django.urls import path

from referrals.post import views

urlpatterns = [
    path("", views.letters, name="letters"),
    path("print/", views.make_run, name="make_letter_run"),
    path("returned/", views.came_back, name="letter_came_back"),
    path("<uuid:pk>/", views.run, name="letter_run"),
    path("<uuid:pk>/letters.pdf", views.print_run, name="print_letter_run"),
    path("<uuid:pk>/posted/", views.run_posted, name="letter_run_posted"),
    path("<uuid:pk>/not-posted/<uuid:letter>/", views.not_posted, name="letter_not_posted"),
]
