"""Django's SQLite with a journal on another disk; in use when RENSHE_JOURNAL names one."""
