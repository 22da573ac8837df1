from django.urls import path

from directory import feed_views, sheet_views

app_name = "exchange"
urlpatterns = [
    path("", feed_views.feeds, name="feeds"),
    path("file/", feed_views.read_file, name="read_file"),
    path("offers.csv", sheet_views.export, name="export"),
    path("spreadsheets/", sheet_views.upload, name="upload"),
    path("spreadsheets/<uuid:pk>/", sheet_views.sheet, name="sheet"),
    path("feeds/<uuid:pk>/read/", feed_views.read_address, name="read_address"),
    path("readings/<uuid:pk>/", feed_views.reading, name="reading"),
    path("readings/<uuid:pk>/stop/", feed_views.stop, name="stop"),
    path("readings/<uuid:pk>/end-many/", feed_views.end_many, name="end_many"),
    path("readings/<uuid:pk>/oddities.csv", feed_views.quirks_csv, name="quirks_csv"),
]
