from django.urls import path

from referrals.how_we_work import message_views, views

ONE = "messages/<slug:template>/<slug:channel>/"

urlpatterns = [
    path("", views.how_we_work, name="how_we_work"),
    path("messages/", message_views.messages_page, name="our_messages"),
    path(ONE, message_views.message, name="our_message"),
    path(f"{ONE}preview/", message_views.preview, name="preview_our_message"),
    path(f"{ONE}put-in-force/", message_views.put_in_force, name="put_our_message_in_force"),
    path(f"{ONE}throw-away/", message_views.throw_draft_away, name="throw_our_draft_away"),
    path(f"{ONE}usual-words/", message_views.back_to_shipped, name="our_message_as_shipped"),
    path("clocks/", views.clocks_page, name="our_clocks"),
    path("reasons/", views.reasons_page, name="our_reasons"),
    path("reasons/<slug:step>/add/", views.add_reason, name="add_our_reason"),
    path("reasons/<slug:step>/<slug:code>/", views.reason, name="our_reason"),
]
