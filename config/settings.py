"""Settings of the portal: one file, everything from the environment, failing closed in production.

Without PORTAL_ENV this is a developer's or a trial copy: the embedded PostgreSQL, data under `var/`.
With PORTAL_ENV=production nothing is guessed: what is missing is named in one sentence and the portal does not start.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key

from config import embedded_postgres, environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = environment.var_folder()

# --- Which copy is this -------------------------------------------------------------------------------------------
PORTAL_ENV = environment.text("PORTAL_ENV", "development")
if PORTAL_ENV not in {"development", "production"}:
    environment.refuse("PORTAL_ENV", "допустимо production или development.", "must be production or development.")
PRODUCTION = PORTAL_ENV == "production"
DEBUG = environment.flag("DEBUG", default=not PRODUCTION)
PORT = environment.whole_number("PORT", 8000)
if PRODUCTION and DEBUG:
    environment.refuse("DEBUG", "в рабочей копии недопустим: уберите переменную.", "must not be on in production.")

# --- Secret, addresses --------------------------------------------------------------------------------------------
SECRET_KEY = environment.text("SECRET_KEY")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")
if PRODUCTION:
    environment.check_secret_key(SECRET_KEY)
    environment.check_allowed_hosts(ALLOWED_HOSTS)
else:
    # A trial copy keeps nobody signed in across restarts of all its processes unless they share the key.
    SECRET_KEY = SECRET_KEY or environment.kept_secret(VAR_DIR / "secret-key", get_random_secret_key)
    ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
PORTAL_URL = environment.text("PORTAL_URL", f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else f"http://127.0.0.1:{PORT}")
PORTAL_URL = PORTAL_URL.rstrip("/")
DEMO_PASSWORD = environment.text("DEMO_PASSWORD", "nastavnik-demo")

# --- Database -----------------------------------------------------------------------------------------------------
DATABASE_URL = environment.text("DATABASE_URL")
if DATABASE_URL:
    DATABASE = environment.read("DATABASE_URL", environment.database_from_url, DATABASE_URL)
elif PRODUCTION:
    environment.refuse("DATABASE_URL", "не задан: postgresql://user:password@host:5432/name.", "is not set.")
else:
    DATABASE = embedded_postgres.settings_dict(VAR_DIR / "postgres")
# A page that waits for a lock gives up while its reader is still there; a runaway query does not hold the school up.
PATIENCE = "-c lock_timeout=3000 -c statement_timeout=60000 -c idle_in_transaction_session_timeout=300000"
DATABASE["OPTIONS"] = {"options": PATIENCE, **DATABASE.get("OPTIONS", {})}
DATABASES = {"default": {**DATABASE, "ATOMIC_REQUESTS": True, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Apps, top of the house last ----------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "crispy_forms",
    "crispy_bootstrap5",
    "import_export",
    "axes",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "core",
    "accounts",
    "surveys",
    "orders",
    "mentorship",
    "roadmap",
    "monitoring",
    "site_section",
    "config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.middleware.RejectInvalidInput",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.CurrentOrganisation",
    "accounts.middleware.AnswerContention",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context_processors.frame",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Sign-in ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.LoginOrEmailBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/cabinet/"
LOGOUT_REDIRECT_URL = "/"
# By account, never by address: a whole staff room sits behind one.
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_TEMPLATE = "accounts/locked_out.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60

# --- What a browser is told ---------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if PRODUCTION:
    # nginx of deploy/ always overwrites this header, so a visitor cannot forge it.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
SILENCED_SYSTEM_CHECKS = [
    "axes.W006",  # locking out by account alone is deliberate, see AXES_LOCKOUT_PARAMETERS
    "security.W021",  # entering a school's whole domain into the browsers' lists is not for one of its sites to ask for
]

# --- Language and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский")]
TIME_ZONE = environment.text("TIME_ZONE", "Europe/Moscow")
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]

# --- Files --------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(environment.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
# Private: no address serves this folder, each app hands out its files under its own permission.
FILES_ROOT = Path(environment.text("FILES_ROOT", str(VAR_DIR / "files")))
MEDIA_ROOT = FILES_ROOT
PLAIN_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"
MANIFEST_STATIC = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": MANIFEST_STATIC if PRODUCTION else PLAIN_STATIC},
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = not PRODUCTION
WHITENOISE_ALLOW_ALL_ORIGINS = False
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# --- Letters and background work ----------------------------------------------------------------------------------
EMAIL_URL = environment.text("EMAIL_URL")
# Without a mail server letters live in the inbox of the portal alone.
SENDS_EMAIL = bool(EMAIL_URL) or not PRODUCTION
if EMAIL_URL:
    globals().update(environment.read("EMAIL_URL", environment.email_from_url, EMAIL_URL))
elif PRODUCTION:
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "Портал наставничества <portal@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- Log ----------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "config.log.PlainFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # Refused requests are in the log of nginx; here only what the portal itself could not do.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # Its lines carry logins; attempts are kept in the database.
        "axes": {"level": "CRITICAL"},
    },
}
