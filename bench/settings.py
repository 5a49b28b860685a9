"""The platform's settings, with the two addresses that only measurements need."""

from renshe.config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
LOGGING = {"version": 1, "disable_existing_loggers": True}
