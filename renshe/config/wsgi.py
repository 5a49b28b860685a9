"""The WSGI door that the application server opens."""

import os

from django.core.wsgi import get_wsgi_application

from renshe.kernel.policy.registry import policies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "renshe.config.settings")
application = get_wsgi_application()
policies()  # read before the first request asks for them
