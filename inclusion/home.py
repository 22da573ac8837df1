"""Home: what is waiting for the hat that is worn, overdue first."""

from django.http import HttpResponse


def home(request):
    return HttpResponse("home")
