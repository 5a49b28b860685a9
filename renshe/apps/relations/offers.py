"""What labour relations give the platform: steps of journeys."""

from renshe.apps.relations.actions import End, File

FILE = File()
END = End()
