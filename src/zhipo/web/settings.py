"""Django's settings, from the environment alone (web/environment.py says what is read)."""

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from psycopg.conninfo import conninfo_to_dict

from zhipo.web import logs
from zhipo.web.cursors import AnyNumberCursor
from zhipo.web.embedded import database_url
from zhipo.web.environment import read_environment

ENVIRONMENT = read_environment()
HERE = Path(__file__).resolve().parent

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = False
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
ROOT_URLCONF = "zhipo.web.urls"
WSGI_APPLICATION = "zhipo.web.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_htmx",
    "procrastinate.contrib.django",
    "zhipo.privacy",
    "zhipo.accounts",
    "zhipo.audit",
    "zhipo.documents",
    "zhipo.ledger",
    "zhipo.gateways",
    "zhipo.cases",
    "zhipo.claims",
    "zhipo.enforcement",
    "zhipo.distributions",
    "zhipo.payouts",
    "zhipo.disclosure",
    "zhipo.portals",
    "zhipo.web",
]

MIDDLEWARE = [
    "zhipo.web.middleware.request_id",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "zhipo.accounts.sessions.middleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zhipo.web.errors.RefusalsMiddleware",
]


def _database(url: str) -> dict[str, Any]:
    """A PostgreSQL address (URI or keywords) as Django wants it."""
    known = conninfo_to_dict(url)
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password"}
    places = {"HOST": "host", "PORT": "port"}
    found = {name: str(known.pop(key, "")) for name, key in (names | places).items()}
    return {
        "ENGINE": "zhipo.web.postgresql",
        **found,
        # Parameters go beside the statement, and what is asked a third time on a
        # connection is planned once: an eighth less computing for each filing.
        "OPTIONS": {
            "server_side_binding": True,
            "cursor_factory": AnyNumberCursor,
            "prepare_threshold": 3,
            **known,
        },
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": os.environ.get("ZHIPO_TEST_DB", "test_zhipo")},
    }


DATABASES = {"default": _database(database_url(ENVIRONMENT.home))}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "zhipo.web.context.surroundings",
            ],
            "builtins": ["zhipo.web.templatetags.words"],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "zhipo_lang"
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.home / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "zhipo.web.static_files.Storage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 86_400
MEDIA_ROOT = ENVIRONMENT.files
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
OTP_TOTP_ISSUER = "zhipo"

CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "zhipo.web.errors.csrf_failed"
CSRF_COOKIE_SECURE = ENVIRONMENT.is_https
SESSION_COOKIE_SECURE = ENVIRONMENT.is_https
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.is_https else 0
SECURE_SSL_REDIRECT = False  # the proxy in front does it; loopback has no TLS
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.is_https else None
)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_PERMISSIONS = 0o600

LOGGING = logs.LOGGING

SMS_GATEWAY = ENVIRONMENT.sms_gateway
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
