"""Addresses of signing in and out."""

from django.urls import path

from renshe.portals.auth import views

urlpatterns = [
    path("login", views.enter, name="login"),
    path("logout", views.leave, name="logout"),
    path("home", views.home, name="home"),
]
