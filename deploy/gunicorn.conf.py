"""The web server: one process with threads serves a school; the application is loaded before it forks."""

import os

bind = os.environ.get("GUNICORN_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("GUNICORN_WORKERS", "1"))
threads = int(os.environ.get("GUNICORN_THREADS", "8"))
# A wrong setting ends the start at once with its own sentence instead of a loop of restarts.
preload_app = True
# Printing a long document is the slowest thing that a request does.
timeout = 120
graceful_timeout = 30
max_requests = 5000
max_requests_jitter = 500
# The socket for controlling a running server would lie in the home folder of the account, which has none.
control_socket_disable = True
