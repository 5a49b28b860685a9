"""The WSGI door that the application server opens."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from renshe.kernel.policy.registry import policies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renshe.config.settings")
application = get_wsgi_application()
policies()  # read before the first request asks for them
reverse("home")  # and every page's code: a worker begun anew is asked by all its threads at once
