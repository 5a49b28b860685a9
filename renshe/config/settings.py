"""Settings. Everything a deployment may change is an environment variable starting with RENSHE_ (or DATABASE_URL)."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("RENSHE_VAR", ROOT / "var"))
os.environ.setdefault("NUMBA_CACHE_DIR", str(VAR / "compiled"))  # the code may lie where nobody may write
FRAMES = Path(os.environ.get("RENSHE_FRAMES", VAR / "frames"))  # the columnar city
ANSWERS = Path(os.environ.get("RENSHE_ANSWERS", VAR / "answers"))  # which faults were planted into the synthetic city
CITY = Path(os.environ.get("RENSHE_CITY", ROOT / "city" / "quzhou"))
RENSHE_HOST_NUMBER = int(os.environ.get("RENSHE_HOST_NUMBER", "0"))
RENSHE_ADDRESS = os.environ.get("RENSHE_ADDRESS", "http://127.0.0.1:8000")
RENSHE_SUITE = os.environ.get("RENSHE_SUITE", "sm4")  # sealing suite of new values: sm4 or aes
RENSHE_LEASE_SECONDS = float(os.environ.get("RENSHE_LEASE_SECONDS", "20"))  # how long a silent worker keeps a roster
RENSHE_DEMO = os.environ.get("RENSHE_DEMO", "") == "1"
RENSHE_BUREAU = os.environ.get("RENSHE_BUREAU", "衢州市人力资源和社会保障")
RENSHE_ORIGIN = os.environ.get("RENSHE_ORIGIN", "renshe/quzhou")  # the ledger's name, part of every signature
RENSHE_SECOND_FACTOR = os.environ.get("RENSHE_SECOND_FACTOR", "" if RENSHE_DEMO else "officers")  # who must have one: officers, everyone, or nobody ("")
RENSHE_CODE_DRIFT = int(os.environ.get("RENSHE_CODE_DRIFT", "1"))  # neighbours of the present one-time code that count too, for clocks that are wrong; 0: none
RENSHE_DIGITS_ONLY = os.environ.get("RENSHE_DIGITS_ONLY", "") == "1"  # a password may be digits alone (ASVS 6.2.5; 等保 asks for a mixture)
RENSHE_LEAKED = Path(os.environ["RENSHE_LEAKED"]) if os.environ.get("RENSHE_LEAKED") else None  # a folder of passwords known from leaks
RENSHE_FIRST_PASSWORD_HOURS = int(os.environ.get("RENSHE_FIRST_PASSWORD_HOURS", "72"))  # how long one that an operator gave out is good
RENSHE_MOST_VISITS = int(os.environ.get("RENSHE_MOST_VISITS", "3"))  # sessions one account may have at a time
RENSHE_IDLE_MINUTES = int(os.environ.get("RENSHE_IDLE_MINUTES", "30"))
RENSHE_EXPORT_ALONE = int(os.environ.get("RENSHE_EXPORT_ALONE", "500"))  # rows one officer may take out alone
RENSHE_SMALL_CELL = max(2, int(os.environ.get("RENSHE_SMALL_CELL", "10")))  # outsiders read counts in steps so wide; no law sets it, the operator decides
RENSHE_OVERRIDE_MINUTES = int(os.environ.get("RENSHE_OVERRIDE_MINUTES", "30"))  # how long an emergency look lasts
RENSHE_SSO = {  # the city's sign-on (OpenID Connect); off while no issuer is named
    "issuer": os.environ.get("RENSHE_SSO_ISSUER", "").rstrip("/"),
    "client_id": os.environ.get("RENSHE_SSO_CLIENT_ID", ""),
    "client_secret": os.environ.get("RENSHE_SSO_CLIENT_SECRET", ""),
    "label": os.environ.get("RENSHE_SSO_LABEL", "统一身份认证"),
    "citizen_id_claim": os.environ.get("RENSHE_SSO_CITIZEN_ID_CLAIM", ""),  # opens residents' accounts when named
}
DEBUG = os.environ.get("RENSHE_DEBUG", "") == "1"


def _secret(name: str) -> str:
    """A secret from the environment, else one made once and kept in VAR/secrets (mode 600)."""
    if value := os.environ.get(name):
        return value
    path = VAR / "secrets" / name.lower()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text()


SECRET_KEY = _secret("RENSHE_SECRET_KEY")
RENSHE_DATA_KEY = _secret("RENSHE_DATA_KEY")  # seals identity numbers and phones; later versions: kernel.privacy.keys
RENSHE_INDEX_KEY = _secret("RENSHE_INDEX_KEY")  # keys the blind indexes
RENSHE_HOUSEHOLD_SOURCES = [code for code in os.environ.get("RENSHE_HOUSEHOLD_SOURCES", "").split(",") if code]  # who keeps the register of residence
RENSHE_LOG_KEY = _secret("RENSHE_LOG_KEY")  # seed of the first generation of the ledger's signing keys
RENSHE_SIGNERS = os.environ.get("RENSHE_SIGNERS", "renshe.kernel.ledger.signers.from_seed")
RENSHE_LEDGER_FOLDER = os.environ.get("RENSHE_LEDGER_FOLDER", "")  # the log as static files goes here; empty: nowhere
RENSHE_WITNESS_SECONDS = float(os.environ.get("RENSHE_WITNESS_SECONDS", "10"))  # between two rounds of asking witnesses
RENSHE_WITNESS_TIMEOUT = float(os.environ.get("RENSHE_WITNESS_TIMEOUT", "5"))
RENSHE_ANCHORS = os.environ.get("RENSHE_ANCHORS", "renshe.kernel.ledger.anchors.witness.Witnesses").split(",")
RENSHE_ANCHOR_SECONDS = float(os.environ.get("RENSHE_ANCHOR_SECONDS", "3600"))  # between two anchorings by one means
RENSHE_QUORUM = int(os.environ.get("RENSHE_QUORUM", "0"))  # witnesses that the published key list asks for
RENSHE_PROXY = os.environ.get("RENSHE_PROXY", "") == "1"  # a proxy of ours stands before us and sets X-Forwarded-For anew
RENSHE_OUTGOING = [  # hosts that may be called although their address is private; the public ones need no mention
    host for host in os.environ.get("RENSHE_OUTGOING", "127.0.0.1,localhost" if RENSHE_DEMO else "").split(",") if host
]
ALLOWED_HOSTS = os.environ.get("RENSHE_HOSTS", "127.0.0.1,localhost,testserver").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "axes",
    "renshe.kernel.ledger",
    "renshe.kernel.privacy",
    "renshe.kernel.access",
    "renshe.kernel.subjects",
    "renshe.kernel.policy",
    "renshe.kernel.notices",
    "renshe.kernel.sharing",
    "renshe.kernel.alerts",
    "renshe.kernel.cases",
    "renshe.kernel.frames",
    "renshe.kernel.sweeps",
    "renshe.kernel.indicators",
    "renshe.kernel.rosters",
    "renshe.apps.insurance",
    "renshe.apps.relations",
    "renshe.apps.card",
    "renshe.apps.development",
    "renshe.apps.planning",
    "renshe.apps.rights",
    "renshe.journeys",
    "renshe.portals",
    "renshe.city",
    "renshe.config",
]

MIDDLEWARE = [
    "renshe.portals.waiting.waiting_middleware",
    "renshe.portals.guards.guard_middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "renshe.kernel.access.middleware.actor_middleware",
    "renshe.portals.words.words_middleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "renshe.config.urls"
WSGI_APPLICATION = "renshe.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "renshe.portals.context.page",
            ],
        },
    },
]

DATABASES = {
    "default": dj_database_url.config(default=f"sqlite:///{VAR / 'renshe.sqlite3'}", conn_max_age=600, conn_health_checks=True),
}
RENSHE_JOURNAL = os.environ.get("RENSHE_JOURNAL", "")  # a folder on another disk: a second copy of all that is written
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    if RENSHE_JOURNAL:
        DATABASES["default"]["ENGINE"] = "renshe.kernel.store.sqlite3"
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=4000; PRAGMA mmap_size=268435456;"
        ),
    }
else:
    DATABASES["default"]["OPTIONS"] = {"server_side_binding": True, "prepare_threshold": 3, "connect_timeout": 10}
RENSHE_DATABASE_DISK = os.environ.get("RENSHE_DATABASE_DISK", "")  # where PostgreSQL's data lie, when it is this machine; SQLite's place is known
RENSHE_LOW_SPACE_MB = int(os.environ.get("RENSHE_LOW_SPACE_MB", "5120"))  # less than this is left of a disk: operators are told
RENSHE_TIGHT_SPACE_MB = int(os.environ.get("RENSHE_TIGHT_SPACE_MB", "1024"))  # less than this: no files are taken, declarations still are
RENSHE_WAIT_SECONDS = float(os.environ.get("RENSHE_WAIT_SECONDS", "15"))  # how long after the database went away requests wait for it
RENSHE_WAIT_MOST = int(os.environ.get("RENSHE_WAIT_MOST", "32"))  # requests of one worker that wait at a time; more are told to come again

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    *([] if RENSHE_DIGITS_ONLY else [{"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"}]),
    {"NAME": "renshe.kernel.access.passwords.WordsOfThePlace", "OPTIONS": {"words": CITY / "passwords.yaml"}},
    {"NAME": "renshe.kernel.access.passwords.KnownFromLeaks", "OPTIONS": {"folder": RENSHE_LEAKED}},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True  # who signed in is noted by access.visits, for the person to see and with a time to keep it
AXES_LOCKOUT_CALLABLE = "renshe.portals.auth.views.entering.locked"
SESSION_COOKIE_AGE = 8 * 3600  # the longest a session lives, however busy
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"  # Strict would lose the session on the way back from the city's sign-on
HTTPS = RENSHE_ADDRESS.startswith("https:")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SECURE_HSTS_SECONDS, SECURE_HSTS_INCLUDE_SUBDOMAINS = 365 * 24 * 3600, True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if RENSHE_PROXY else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        # Signing in and out are forms whose answers may lead on to the sign-on's own pages; RENSHE_SSO_PAGES names their origins beside the issuer's.
        "form-action": ["'self'", *(["{0.scheme}://{0.netloc}".format(urlsplit(RENSHE_SSO["issuer"]))] if RENSHE_SSO["issuer"] else []), *filter(None, os.environ.get("RENSHE_SSO_PAGES", "").split(","))],
        "frame-ancestors": ["'none'"],
    },
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = ROOT / "static-built"
STATICFILES_DIRS = [
    ("tabler", ROOT / "node_modules" / "@tabler" / "core" / "dist"),
    ("htmx", ROOT / "node_modules" / "htmx.org" / "dist"),
    ("echarts", ROOT / "node_modules" / "echarts" / "dist"),
]
STATICFILES_DIRS = [(name, path) for name, path in STATICFILES_DIRS if path.exists()]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "renshe.portals.uploads.SizeGuard",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "renshe.config.logs.OneLine", "format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
