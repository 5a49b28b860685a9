"""The WSGI door with the settings of measurements."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"

from django.core.wsgi import get_wsgi_application

from renshe.kernel.policy.registry import policies

application = get_wsgi_application()
policies()
