"""Files from outside: what is accepted, how it is checked, and the form fields that do it."""

from core.uploads.fields import SafeFileField, SafeImageField
from core.uploads.images import clean_image
from core.uploads.kinds import (
    CSV,
    DOCUMENTS,
    DOCX,
    IMAGES,
    JPG,
    KINDS,
    MAX_BYTES,
    PDF,
    PNG,
    SCANS,
    TABLES,
    TXT,
    WEBP,
    XLSX,
    UploadKind,
)
from core.uploads.names import kind_of, safe_name
from core.uploads.validation import validate_upload

__all__ = [
    "CSV",
    "DOCUMENTS",
    "DOCX",
    "IMAGES",
    "JPG",
    "KINDS",
    "MAX_BYTES",
    "PDF",
    "PNG",
    "SCANS",
    "TABLES",
    "TXT",
    "WEBP",
    "XLSX",
    "SafeFileField",
    "SafeImageField",
    "UploadKind",
    "clean_image",
    "kind_of",
    "safe_name",
    "validate_upload",
]
