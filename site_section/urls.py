"""Addresses of the public section and of its settings."""

from django.urls import path

from site_section import views

urlpatterns = [
    path("", views.portal_home, name="portal_home"),
    path("s/<slug:slug>/", views.section_home, name="section_home"),
    path("s/<slug:slug>/documents/", views.section_documents, name="section_documents"),
    path("s/<slug:slug>/documents/<int:pk>/", views.section_document, name="section_document"),
    path("s/<slug:slug>/acts/<int:pk>/file/", views.section_act_file, name="section_act_file"),
    path("s/<slug:slug>/mentors/", views.section_mentors, name="section_mentors"),
    path("s/<slug:slug>/mentors/<int:pk>/photo/", views.section_photo, name="section_photo"),
    path("s/<slug:slug>/pairs/", views.section_pairs, name="section_pairs"),
    path("s/<slug:slug>/programmes/", views.section_programmes, name="section_programmes"),
    path("s/<slug:slug>/programmes/<int:pk>/", views.section_programme, name="section_programme"),
    path(
        "s/<slug:slug>/programmes/<int:pk>/results/", views.section_programme_results, name="section_programme_results"
    ),
    path("s/<slug:slug>/roadmap/", views.section_roadmap, name="section_roadmap"),
    path("s/<slug:slug>/contacts/", views.section_contacts, name="section_contacts"),
    path("cabinet/site/", views.section_edit, name="section_edit"),
]
