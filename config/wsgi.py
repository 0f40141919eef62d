"""The entry point for an application server; it assumes production unless the environment says otherwise."""

import os

from django.core.wsgi import get_wsgi_application

# A server started without any environment must refuse to run rather than come up as a developer's copy.
os.environ.setdefault("PORTAL_ENV", "production")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
