"""renshe (人社): the digital platform of a city's bureau of human resources and social security.

Five floors, imports go down only: config > city, portals > journeys > apps > kernel.
"""
