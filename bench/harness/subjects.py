"""Who is measured: nginx alone, our service, the Flask server in its forms."""
import os
import shutil
import time

from . import processes, web

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = os.path.join(os.path.dirname(HERE), "peers")

NGINX = """
{user}worker_processes {workers};
daemon off;
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  default_type application/json;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


def nginx_program():
    return shutil.which("nginx") or "/usr/sbin/nginx"


def system_python():
    """Debian's own, which has Debian's Flask."""
    return "/usr/bin/python3"


class Subject:
    """Something that answers on a port."""

    def __init__(self, program, port):
        self.program = program
        self.port = port

    def cpu_seconds(self):
        return processes.cpu_seconds(self.program.family())

    def stop(self):
        self.program.stop()

    def wait(self, path, timeout_s=30):
        if not processes.wait_until(lambda: web.ask(self.port, path).status == 200, timeout_s):
            log = self.program.log
            tail = open(log, encoding="utf-8", errors="replace").read()[-2000:] if log else ""
            self.stop()
            raise SystemExit(f"no answer to {path} on port {self.port}\n{tail}")
        return self


def static_nginx(folder, files):
    """nginx alone; `files` are names and contents."""
    os.makedirs(os.path.join(folder, "files"), exist_ok=True)
    for name, content in files.items():
        with open(os.path.join(folder, "files", name), "wb") as file:
            file.write(content)
    port = processes.free_port()
    path = os.path.join(folder, "nginx.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write(NGINX.format(folder=folder, port=port, user="user root;\n" if os.geteuid() == 0 else "",
                                workers=min(os.cpu_count() or 1, 4)))
    program = processes.Program([nginx_program(), "-e", "stderr", "-c", path],
                                log=os.path.join(folder, "log"))
    return Subject(program, port).wait("/" + next(iter(files)))


class Service(Subject):
    """Ours, started as a user starts it, with its default settings."""

    def __init__(self, binary, folder, mount, web_root, upstream="http://127.0.0.1:9"):
        self.mount = mount
        port = processes.free_port()
        self.started = time.monotonic()
        program = processes.Program(
            [binary, "run"],
            {"MODELS_MOUNT_POINT": mount, "MODELKEEP_LISTEN": f"127.0.0.1:{port}",
             "MODELKEEP_WEB_ROOT": web_root, "HF_ENDPOINT": upstream,
             "MODELKEEP_LOG_LEVEL": "warn"},
            log=os.path.join(folder, "service.log"))
        super().__init__(program, port)
        self.wait("/api/health")
        self.start_seconds = time.monotonic() - self.started

    def rest(self, timeout_s=120):
        """Until the work of a start is done: the first backup copies the whole database."""
        def is_idle():
            before = self.cpu_seconds()
            time.sleep(1)
            return self.cpu_seconds() - before < 0.05
        os.sync()
        processes.wait_until(is_idle, timeout_s)
        return self

    def idle_pss(self):
        """Of all processes but nginx's; and nginx's."""
        members = self.program.family()
        nginx = [pid for pid in members if processes.command(pid) == "nginx"]
        ours = [pid for pid in members if pid not in nginx]
        return processes.pss_bytes(ours), processes.pss_bytes(nginx)


def flask_dev(folder, models):
    port = processes.free_port()
    program = processes.Program(
        [system_python(), os.path.join(PEERS, "flask_server.py"), "--port", str(port), "--models",
         str(models)], {"TMPDIR": folder}, log=os.path.join(folder, "flask.log"))
    return Subject(program, port).wait("/api/health")


def gunicorn_empty(folder):
    port = processes.free_port()
    gunicorn = shutil.which("gunicorn", path="/usr/bin:/bin") or "gunicorn"
    program = processes.Program(
        [gunicorn, "--chdir", PEERS, "-w", "2", "-b", f"127.0.0.1:{port}", "--log-level", "error",
         "flask_server:create_empty()"], log=os.path.join(folder, "gunicorn.log"))
    return Subject(program, port).wait("/api/health")
