"""docker-compose.yml and the files it mounts fit each other and the program."""

from __future__ import annotations

import configparser
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import util
from pathlib import Path
from urllib.error import HTTPError

import pytest
import yaml

from openprocurement_api import ini, settings
from plugins.chronograph import OPTIONS as CHRONOGRAPH
from plugins.documents import OPTIONS as DOCUMENTS
from plugins.documents.settings import Settings

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
NGINX = {"nginx": "conf/nginx.conf", "store": "conf/nginx-store.conf"}


def environment(service):
    return service.get("environment", {})


def test_the_services():
    assert set(SERVICES) == {
        "nginx", "api1", "api2", "chronograph", "dialogue", "documents", "setup", "store", "couchdb1", "couchdb2", "couchdb3",
    }  # fmt: skip
    lasting = {name: service for name, service in SERVICES.items() if name != "setup"}
    assert {service["restart"] for service in lasting.values()} == {"unless-stopped"}
    assert [name for name, service in lasting.items() if "healthcheck" not in service] == ["dialogue"]  # it answers nothing


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_is_there(name):
    for other, wanted in SERVICES[name].get("depends_on", {}).items():
        assert other in SERVICES
        assert wanted["condition"] != "service_healthy" or "healthcheck" in SERVICES[other]
        assert wanted["condition"] != "service_completed_successfully" or other == "setup"


@pytest.mark.parametrize("name", SERVICES)
def test_what_is_mounted_is_there(name):
    for mount in SERVICES[name].get("volumes", []):
        source = mount.split(":")[0]
        if source.startswith("./"):
            example = source.replace(".production.", ".production.example.")
            assert (ROOT / source).exists() or (ROOT / example).exists(), source
        else:
            assert source in COMPOSE["volumes"]


def test_the_variables_are_those_of_the_example():
    given = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert given == set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))


def test_no_secret_stands_in_the_example():
    empty = [
        line for line in (ROOT / ".env.example").read_text().splitlines() if re.match(r"\w*(KEY|PASSWORD|SECRET|COOKIE)", line)
    ]
    assert len(empty) == 9
    assert all(line.endswith("=") for line in empty)


def test_values_are_made_without_compose_which_refuses_to_work_while_one_is_missing():
    example, guide = (ROOT / ".env.example").read_text(), (ROOT / "docs/operate.md").read_text()
    image = SERVICES["api1"]["image"]
    assert f"`docker run --rm {image} openprocurement documents key`" in example
    assert "`docker compose" not in example
    assert guide.index(f"docker build -t {image} .") < guide.index("cp .env.example .env") < guide.index("docker compose up")


@pytest.mark.parametrize("name", ["api1", "api2", "chronograph", "setup", "documents"])
def test_the_program_knows_its_settings(name):
    options = {f"OPENPROCUREMENT_{o.name.upper().replace('.', '_')}" for o in (*settings.OPTIONS, *DOCUMENTS, *CHRONOGRAPH)}
    options |= {f"OPENPROCUREMENT_DOCUMENTS_{field.upper()}" for field in Settings.__dataclass_fields__}
    given = {key for key in environment(SERVICES[name]) if key.startswith("OPENPROCUREMENT_")}
    assert given - options - {"OPENPROCUREMENT_ADMIN_URL"} == set()


def test_the_ini_file_is_production_ini_for_a_container():
    _, given = ini.application(str(ROOT / "conf/docker.ini"))
    assert given["auth.file"] == f"{ROOT}/conf/auth.production.ini"
    assert given["log.format"] == "json"
    server = ini.server(str(ROOT / "conf/docker.ini"))
    outside = ini.server(str(ROOT / "production.ini"))
    assert server["bind"] == f"0.0.0.0:{outside['bind'].split(':')[1]}"
    assert server["worker_class"] == outside["worker_class"]


def ports():
    """The port on which each service listens."""
    documents = configparser.ConfigParser(interpolation=None)
    documents.read(ROOT / "conf/docker.ini")
    api = int(ini.server(str(ROOT / "conf/docker.ini"))["bind"].split(":")[1])
    listening = {name: int(re.search(r"listen (\d+);", (ROOT / path).read_text())[1]) for name, path in NGINX.items()}
    nodes = {f"couchdb{number}.cluster": 5984 for number in (1, 2, 3)}
    return {"api1": api, "api2": api, "documents": int(documents["documents"]["listen"].split(":")[1]), **listening, **nodes}


@pytest.mark.parametrize("file", NGINX.values())
def test_nginx_reaches_every_server_at_its_port(file):
    found = dict(re.findall(r"server ([\w.]+):(\d+) ", (ROOT / file).read_text()))
    assert found
    assert {name: int(port) for name, port in found.items()}.items() <= ports().items()


def test_addresses_in_the_environment_have_the_right_ports():
    text = json.dumps([environment(service) for service in SERVICES.values()])
    found = set(re.findall(r"(?:@|http://)([\w.]+):(\d+)/", text))
    assert found == {("store", "5984"), ("documents", "8081"), ("couchdb1.cluster", "5984")}
    assert {name: int(port) for name, port in found}.items() <= ports().items()
    assert SERVICES["nginx"]["ports"] == [f"${{HTTP_PORT:-8080}}:{ports()['nginx']}"]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_nodes_are_called_what_others_call_them(number):
    node = SERVICES[f"couchdb{number}"]
    assert node["environment"]["NODENAME"] == f"couchdb{number}.cluster"
    assert node["networks"]["default"]["aliases"] == [f"couchdb{number}.cluster"]
    assert node["environment"]["NODENAME"] in environment(SERVICES["setup"])["COUCHDB_NODES"].split()


def test_the_image_has_what_its_commands_read():
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name not in {"tests", "bench"}}
    assert packages | {"conf", "production.ini", "pyproject.toml", "setup.py", "requirements", "LICENSE"} <= kept


# --- joining the nodes


@pytest.fixture
def cluster():
    spec = util.spec_from_file_location("couchdb_cluster", ROOT / "conf/couchdb_cluster.py")
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def node():
    """A server that behaves as a node of CouchDB does towards who joins it to others."""

    class Answers(BaseHTTPRequestHandler):
        calls, databases, members = [], {"_users"}, ["couchdb@a.cluster"]

        def reply(self):
            size = int(self.headers.get("Content-Length") or 0)
            data = json.loads(self.rfile.read(size)) if size else None
            self.calls.append((self.command, self.path, data))
            status, told = self.answer(self.path.rpartition("/")[2], data)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        do_GET = do_PUT = reply  # noqa: N815 - http.server finds the methods by these names

        def answer(self, last, data):
            if self.path == "/_membership":
                return 200, {"cluster_nodes": self.members}
            if "/_nodes/" in self.path:
                self.members.append(last)
            elif "/_config/" in self.path:
                return 200, "the uuid"
            elif self.command == "PUT" and last in self.databases:
                return 412, {"error": "file_exists"}
            elif self.command == "PUT" and last == "_global_changes" and "refused" in self.databases:
                return 500, {"error": "refused"}
            elif self.command == "PUT":
                self.databases.add(last)
            return 200, {"ok": True}

        def log_message(self, *_arguments):
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def nodes(cluster, server):
    found = [cluster.Node(f"{name}.cluster", "secret") for name in "abc"]
    for each in found:
        each.base = f"http://127.0.0.1:{server.server_port}"
    return found


def test_nodes_are_joined_once(cluster, node):
    handler = node.RequestHandlerClass
    assert cluster.join(nodes(cluster, node)) == ["b.cluster", "c.cluster"]
    assert handler.members == ["couchdb@a.cluster", "couchdb@b.cluster", "couchdb@c.cluster"]
    assert {"_users", "_replicator", "_global_changes"} <= handler.databases
    assert ("PUT", "/_node/_local/_config/couchdb/uuid", "the uuid") in handler.calls
    assert cluster.join(nodes(cluster, node)) == []
    assert len(handler.members) == 3


def test_a_refusal_is_told(cluster, node):
    node.RequestHandlerClass.databases.add("refused")
    with pytest.raises(HTTPError, match="500"):
        cluster.join(nodes(cluster, node))


def test_a_node_that_does_not_come_up_is_given_up(cluster):
    absent = cluster.Node("127.0.0.1", "secret", 1)
    with pytest.raises(OSError, match="refused"):
        absent.wait(0)
