"""Static files as production serves them: every name in a template and in a style sheet leads to a file."""

import json
import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import override_settings

NAME = re.compile(r"""{%\s*static\s+['"]([^'"]+)['"]""")
MANIFEST = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"


def names_in_templates() -> set[str]:
    templates = Path(settings.BASE_DIR, "templates").rglob("*.*")
    return {name for file in templates for name in NAME.findall(file.read_text(encoding="utf-8"))}


def test_every_static_name_leads_to_a_file(tmp_path):
    """Collecting fails by itself when a style sheet refers to a file that is not there."""
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": MANIFEST}}
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0)
        manifest = json.loads((tmp_path / staticfiles_storage.manifest_name).read_text())["paths"]

    assert len(names_in_templates()) > 0
    assert names_in_templates() - set(manifest) == set()
