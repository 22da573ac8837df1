from django.urls import path

from referrals.notify import receiving

app_name = "notify"
urlpatterns = [
    path("receipts/", receiving.receipt, name="receipt"),
    path("returned-letters/", receiving.returned_letter, name="returned_letter"),
]
