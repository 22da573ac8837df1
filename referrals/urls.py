from django.urls import path

from referrals import making_views, outbox_views, step_views, views, work_views

app_name = "referrals"
urlpatterns = [
    path("", views.worklist, name="worklist"),
    path("owed/", views.owed, name="owed"),
    path("owed/<uuid:pk>/", work_views.follow_up, name="follow_up"),
    path("refer/<uuid:need>/<uuid:offer>/", making_views.refer, name="refer"),
    path("consents/<uuid:pk>/withdraw/", making_views.withdraw_consent, name="withdraw_consent"),
    path("appointments/<uuid:pk>/", work_views.appointment, name="appointment"),
    path("appointments/<uuid:pk>/new-time/", work_views.rearrange, name="rearrange"),
    path("loans/<uuid:pk>/<slug:action>/", work_views.move_loan, name="move_loan"),
    path("notes/<uuid:pk>/correct/", work_views.correct_note, name="correct_note"),
    path("outbox/", outbox_views.outbox, name="outbox"),
    path("outbox/<uuid:pk>/", outbox_views.outbox_message, name="outbox_message"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/open/", views.open_it, name="open"),
    path("<uuid:pk>/change/", making_views.revise, name="revise"),
    path("<uuid:pk>/steps/<slug:action>/", step_views.step, name="step"),
    path("<uuid:pk>/error/", work_views.propose_error, name="propose_error"),
    path("<uuid:pk>/contacts/add/", work_views.contact, name="contact"),
    path("<uuid:pk>/appointments/add/", work_views.book, name="book"),
    path("<uuid:pk>/loans/add/", work_views.lend, name="lend"),
    path("<uuid:pk>/notes/add/", work_views.note, name="note"),
    path("<uuid:pk>/wait/", work_views.keep_waiting, name="keep_waiting"),
    path("<uuid:pk>/pause/", work_views.pause, name="pause"),
    path("<uuid:pk>/resume/", work_views.resume, name="resume"),
]
