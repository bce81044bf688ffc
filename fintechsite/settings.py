"""Settings: from the environment only (and from an ignored `.env` on a developer's machine).

Nothing insecure starts with DEBUG off: what is missing raises ImproperlyConfigured here, and
combinations that are merely wrong are system checks (fintechsite/checks.py).
"""

from datetime import timedelta

import django_stubs_ext
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from fintechsite.broker import folder_transport
from fintechsite.environment import BASE_DIR, DATA_DIR, DEBUG, development_database_url, env
from fintechsite.logs import logging_config
from fintechsite.secrets import development_secret_key
from fintechsite.site_url import default_site_url, told_site_url

# Lets `ModelAdmin[Case]` and the like be written in code that runs, not only in type checks.
django_stubs_ext.monkeypatch()

# -- security ------------------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
if DEBUG:
    SECRET_KEY = SECRET_KEY or development_secret_key(DATA_DIR)
elif len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("django-insecure-"):
    raise ImproperlyConfigured(
        "SECRET_KEY must be at least 50 random characters when DEBUG is off. "
        "On a developer's machine set DEBUG=true (or run `make run`)."
    )
elif not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the site's host names when DEBUG is off.")

CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=0 if DEBUG else 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_HSTS_SECONDS > 0
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not DEBUG
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
if env.bool("BEHIND_TLS_PROXY", default=False):
    # Only a proxy that always sets (or strips) this header may stand in front.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# How many proxies of ours add the address they saw to X-Forwarded-For; with 0 nobody is believed.
PROXY_COUNT = env.int("PROXY_COUNT", default=int(env.bool("BEHIND_TLS_PROXY", default=False)))

# One policy for the whole site, the admin included: no inline script or style, no other host.
# data: images are what the browser's own date and search fields and Swagger's icons need.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# A grid of 60 periods × 50 series is a form of 3,000 cells where no script sends but the changed.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_100
FILE_UPLOAD_HANDLERS = [
    "fintechsite.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# -- applications --------------------------------------------------------------------------------
INSTALLED_APPS = [
    "fintechsite.apps.SiteConfig",
    "metrics.apps.MetricsConfig",
    "cases.apps.CasesConfig",
    "rest_framework_api_key",  # for the model that ours is made of
    "partners.apps.PartnersConfig",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "axes",
    "fintechsite.apps.SiteAdminConfig",
    "django.contrib.auth",
    "fintechsite.staff.apps.StaffConfig",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "simple_history",
    "csp",
    "django_htmx",
    "django_structlog",
]
MIDDLEWARE = [
    "metrics.api.cors.CrossOriginReading",
    "fintechsite.packed_answers.PackedAnswers",
    "fintechsite.due_releases.PublishDueReleases",
    "fintechsite.kept_pages.KeptPages",
    "metrics.api.known.KnownAnswers",
    "fintechsite.api_lane.ApiLane",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "fintechsite.staff.middleware.HalfLoggedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "fintechsite.urls"
WSGI_APPLICATION = "fintechsite.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# -- data ----------------------------------------------------------------------------------------
# On a developer's machine manage.py, wsgi.py and `make run` start or join the embedded server and
# set DATABASE_URL before settings are read.
if not (DEBUG or env.str("DATABASE_URL", default="")):
    raise ImproperlyConfigured("DATABASE_URL must name the database server when DEBUG is off.")
DATABASES = {"default": env.db("DATABASE_URL", default=development_database_url())}
DATABASES["default"] |= {
    "ENGINE": "django.db.backends.postgresql",
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
    "CONN_HEALTH_CHECKS": True,
}
# Statements that are planned once a connection; off behind a pooler that does not keep them.
DATABASE_PREPARE = env.bool("DATABASE_PREPARE", default=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}

# Where readers find the site, such as https://fintech.example: addresses for search engines, feeds,
# citations and embedded charts begin with it. Never with the Host of a request: pages are kept and
# shared. Without it the one name in ALLOWED_HOSTS, on a developer's machine where `make run` is.
SITE_URL = told_site_url(env.str("SITE_URL", default=""))
if not SITE_URL:
    SITE_URL = default_site_url(
        ALLOWED_HOSTS,
        debug=DEBUG,
        bind_host=env.str("BIND_HOST", default="127.0.0.1"),
        port=int(env.str("PORT", default="") or 8000),
    )
# So many pictures are drawn at once by a process; each takes a core while it is.
PICTURES_AT_ONCE = env.int("PICTURES_AT_ONCE", default=2)

# -- languages, time -----------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "fintechsite" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# -- static files --------------------------------------------------------------------------------
STATIC_URL = "/static/"
# With DEBUG on, files are served from where they lie and nothing is collected.
STATIC_ROOT = None if DEBUG else env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [path for path in [BASE_DIR / "static"] if path.is_dir()]
_STATIC_BACKEND = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Uploaded files of values: kept for undo and for a second check, served by nobody.
    "imports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "imports", "file_permissions_mode": 0o600},
    },
    # Everything as a data package: served by the API, to whoever may have it in bulk.
    "exports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "exports"},
    },
    "staticfiles": {"BACKEND": _STATIC_BACKEND},
}

# -- accounts ------------------------------------------------------------------------------------
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# A code of an authenticator app after the password; a choice on a developer's machine only.
SECOND_FACTOR_REQUIRED = not DEBUG
OTP_TOTP_ISSUER = "Fintech Cases"
# Five wrong passwords for a name from an address: both together wait. Kept: who, where, when.
AXES_HANDLER = "fintechsite.staff.attempts.BoundedAttempts"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "fintechsite.staff.addresses.client_address"
AXES_LOCKOUT_CALLABLE = "fintechsite.staff.views.locked_out"

# -- mail ----------------------------------------------------------------------------------------
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 10  # seconds; without one a server that hangs holds up the worker for good
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="webmaster@localhost")

# -- work in the background ----------------------------------------------------------------------
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost")
if CELERY_BROKER_URL.startswith("filesystem://"):
    CELERY_BROKER_TRANSPORT_OPTIONS = folder_transport(DATA_DIR / "broker")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    # A sweep that no worker was free for is followed by the next.
    "sweep": {"task": "metrics.sweep", "schedule": 60.0, "options": {"expires": 55}},
    "releases": {"task": "metrics.publish_due", "schedule": 10.0, "options": {"expires": 9}},
    "imports": {"task": "metrics.resume_imports", "schedule": 60.0, "options": {"expires": 55}},
    "exports": {"task": "cases.export_if_due", "schedule": 60.0, "options": {"expires": 55}},
    "nightly": {"task": "cases.export", "schedule": crontab(minute=30, hour=2)},
    "drift": {"task": "cases.mail_drift", "schedule": 300.0, "options": {"expires": 290}},
    "webhooks": {"task": "partners.deliver", "schedule": 5.0, "options": {"expires": 4}},
    "partners": {"task": "partners.tidy", "schedule": 300.0, "options": {"expires": 290}},
}
DJANGO_STRUCTLOG_CELERY_ENABLED = True
# How often a web process looks for scheduled releases whose time has come; 0: it leaves them alone.
DUE_CHECK_SECONDS = env.float("DUE_CHECK_SECONDS", default=1.0)

# -- API -----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "metrics.api.schema.EndpointSchema",
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
}
DRF_STANDARDIZED_ERRORS = {
    "EXCEPTION_HANDLER_CLASS": "metrics.api.problems.ProblemHandler",
    "EXCEPTION_FORMATTER_CLASS": "metrics.api.problems.ProblemFormatter",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Fintech cases and metrics",
    "DESCRIPTION": "Every number is a stored observation, or follows from some by a rule.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SERVE_INCLUDE_SCHEMA": False,
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "ApiKey": {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "description": "`Api-Key` and a key. Without one reading has a lower quota.",
            }
        }
    },
    "SECURITY": [{}, {"ApiKey": []}],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "metrics.api.schema_headers.add_headers",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # No validator: it would send the schema to another host.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
    "ENUM_NAME_OVERRIDES": {
        "SourceKindEnum": "metrics.models.Source.Kind",
        "UnitKindEnum": "metrics.models.Unit.Kind",
        "EntityKindEnum": "metrics.models.Entity.Kind",
        "TextKindEnum": "cases.models.Case.Kind",
    },
}
# Keys begin with this; what scans for leaked secrets knows them by it.
API_KEY_PREFIX = env.str("API_KEY_PREFIX", default="fin_test" if DEBUG else "fin_live")
# Requests in a window: of an address without a key, and of a key that has no quota of its own.
API_WINDOW_SECONDS = env.int("API_WINDOW_SECONDS", default=3600)
API_ANONYMOUS_QUOTA = env.int("API_ANONYMOUS_QUOTA", default=1_000)
API_KEY_QUOTA = env.int("API_KEY_QUOTA", default=10_000)
API_ANONYMOUS_SCOPES = env.list("API_ANONYMOUS_SCOPES", default=["read", "verify", "bulk"])
# Without a key at most so many values in one answer; and so many bulk answers at once of a process,
# each of which holds a thread and a transaction.
API_ANONYMOUS_BULK_ROWS = env.int("API_ANONYMOUS_BULK_ROWS", default=250_000)
API_BULK_AT_ONCE = env.int("API_BULK_AT_ONCE", default=4)
# A client that takes nothing for so long, or not everything in so long, is let go.
API_BULK_IDLE_SECONDS = env.float("API_BULK_IDLE_SECONDS", default=30)
API_BULK_SECONDS = env.float("API_BULK_SECONDS", default=1_800)
API_CLIENT_ADDRESS_CALLABLE = AXES_CLIENT_IP_CALLABLE

# -- webhooks ------------------------------------------------------------------------------------
WEBHOOK_TIMEOUT_SECONDS = env.float("WEBHOOK_TIMEOUT_SECONDS", default=10.0)
# A receiver on this machine, over plain HTTP: for who writes one, and never in production.
WEBHOOK_LOCAL = DEBUG and env.bool("WEBHOOK_LOCAL", default=True)

# -- logs ----------------------------------------------------------------------------------------
# Reader pages must not touch the session (it would add Vary: Cookie), nor record who reads.
DJANGO_STRUCTLOG_USER_ID_FIELD = ""
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
LOGGING = logging_config(as_json=not DEBUG, level=env.str("LOG_LEVEL", default="INFO"))
