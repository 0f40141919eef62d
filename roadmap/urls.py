"""Addresses of the roadmap."""

from django.urls import path

from roadmap import views

urlpatterns = [
    path("cabinet/roadmap/", views.roadmap_list, name="roadmap_list"),
    path("cabinet/roadmap/new/", views.roadmap_new, name="roadmap_new"),
    path("cabinet/roadmap/<int:pk>/", views.roadmap_detail, name="roadmap_detail"),
    path("cabinet/roadmap/<int:pk>/export.<str:format>", views.roadmap_export, name="roadmap_export"),
    path("cabinet/roadmap/<int:pk>/edit/", views.roadmap_edit, name="roadmap_edit"),
    path("cabinet/roadmap/<int:pk>/stages/new/", views.stage_new, name="stage_new"),
    path("cabinet/roadmap/stages/<int:pk>/edit/", views.stage_edit, name="stage_edit"),
    path("cabinet/roadmap/stages/<int:pk>/delete/", views.stage_delete, name="stage_delete"),
    path("cabinet/roadmap/stages/<int:pk>/items/new/", views.item_new, name="item_new"),
    path("cabinet/roadmap/items/<int:pk>/edit/", views.item_edit, name="item_edit"),
    path("cabinet/roadmap/items/<int:pk>/delete/", views.item_delete, name="item_delete"),
    path("cabinet/roadmap/items/<int:pk>/mark/", views.item_mark, name="item_mark"),
    path("cabinet/roadmap/items/<int:pk>/unmark/", views.item_unmark, name="item_unmark"),
]
