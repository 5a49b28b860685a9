"""Addresses of plans, at the officers' desk."""

from django.urls import path

from renshe.portals.desk.views import plan_papers, plan_review, plan_watch, plan_works, plans

urlpatterns = [
    path("", plans.listed, name="plans"),
    path("duties", plan_works.duties, name="plan_duties"),
    path("offices", plans.offices, name="plan_offices"),
    path("targets/<int:target_id>", plan_watch.target, name="plan_target"),
    path("works/<int:work_id>", plan_works.work, name="plan_work"),
    path("<int:plan_id>", plan_watch.board, name="plan"),
    path("<int:plan_id>/file", plans.file, name="plan_file"),
    path("<int:plan_id>/review", plan_review.review, name="plan_review"),
    path("<int:plan_id>/contradictions", plan_review.contradictions, name="plan_contradictions"),
    path("<int:plan_id>/works", plan_works.listed, name="plan_works"),
    path("<int:plan_id>/sheet", plan_papers.sheet, name="plan_sheet"),
    path("<int:plan_id>/evaluation", plan_papers.evaluation, name="plan_evaluation"),
]
