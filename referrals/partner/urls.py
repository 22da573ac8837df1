"""The addresses of a link: whatever stands for the token, each has the same pages in front of the code."""

from django.urls import path

from referrals.partner import views

app_name = "partner"
urlpatterns = [
    path("<str:token>/", views.door, name="door"),
    path("<str:token>/ask/", views.ask, name="ask"),
    path("<str:token>/code/", views.enter, name="enter"),
    path("<str:token>/referral/", views.read, name="read"),
    path("<str:token>/referral/<slug:action>/", views.step, name="step"),
    path("<str:token>/leave/", views.leave, name="leave"),
]
