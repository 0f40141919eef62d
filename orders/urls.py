"""Addresses of this app."""

from django.urls import path

from orders.views import acts, approval, clauses, drafts, files, letterheads, register, series, verify

urlpatterns = [
    path("cabinet/orders/", register.order_list, name="order_list"),
    path("cabinet/orders/new/", drafts.order_new, name="order_new"),
    path("cabinet/orders/new/<slug:kind>/", drafts.order_draft, name="order_draft"),
    path("cabinet/orders/series/", series.series_list, name="series_list"),
    path("cabinet/orders/series/new/", series.series_new, name="series_new"),
    path("cabinet/orders/series/<int:pk>/", series.series_edit, name="series_edit"),
    path("cabinet/orders/<int:pk>/", register.order_detail, name="order_detail"),
    path("cabinet/orders/<int:pk>/params/", drafts.order_params, name="order_params"),
    path("cabinet/orders/<int:pk>/clauses/", clauses.order_clauses, name="order_clauses"),
    path("cabinet/orders/<int:pk>/refresh/", drafts.order_refresh, name="order_refresh"),
    path("cabinet/orders/<int:pk>/delete/", drafts.order_delete, name="order_delete"),
    path("cabinet/orders/<int:pk>/submit/", approval.order_submit, name="order_submit"),
    path("cabinet/orders/<int:pk>/recall/", approval.order_recall, name="order_recall"),
    path("cabinet/orders/<int:pk>/return/", approval.order_return, name="order_return"),
    path("cabinet/orders/<int:pk>/approve/", approval.order_approve, name="order_approve"),
    path("cabinet/orders/<int:pk>/file/<slug:format>/", files.order_file, name="order_file"),
    path("cabinet/orders/letterhead/", letterheads.letterhead_edit, name="letterhead_edit"),
    path("cabinet/orders/letterhead/sample/", letterheads.letterhead_sample, name="letterhead_sample"),
    path("verify/<str:token>/", verify.order_verify, name="order_verify"),
    path("cabinet/acts/", acts.act_list, name="act_list"),
    path("cabinet/acts/new/", acts.act_new, name="act_new"),
    path("cabinet/acts/<int:pk>/", acts.act_detail, name="act_detail"),
    path("cabinet/acts/<int:pk>/edit/", acts.act_edit, name="act_edit"),
    path("cabinet/acts/<int:pk>/edition/", acts.act_edition, name="act_edition"),
    path("cabinet/acts/<int:pk>/delete/", acts.act_delete, name="act_delete"),
]
