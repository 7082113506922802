"""Every URL of the API, registered once each from the trees of all procedures. The only file that knows Cornice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from cornice import Service
from cornice.pyramidhook import register_service_views, wrap_request
from cornice.service import clear_services
from pyramid.config import Configurator
from pyramid.events import NewRequest
from pyramid.request import Request
from pyramid.response import Response

from ..domain.node import Node
from ..domain.procedure import Operation, Procedure
from ..domain.workflow import DELETE
from ..errors import NotFound, Problem
from . import changes, feed, historical, pipeline, views
from .body import answer
from .call import Call
from .loader import Shape, Steps, Target
from .views import describing

View = Callable[[Request], Response]


def register(config: Configurator, base: str, procedures: Iterable[Procedure], summary: frozenset[str]) -> None:
    """Add the services of all procedures, and those that belong to none."""
    use_cornice(config)
    roots: dict[str, list[Procedure]] = {}
    for procedure in procedures:
        roots.setdefault(procedure.root.plural, []).append(procedure)
    for plural, family in roots.items():
        root = family[0].root
        add_root(config, base, root, summary)
        add(config, f"{base}/{plural}/{{{root.name}_id}}/historical", {"GET": past(root.name)})
        for path, (shape, node) in shapes(f"{base}/{plural}", family).items():
            plurals = "/".join(plural for plural, _ in shape.below)
            removable = any(procedure.able(plurals, DELETE) for procedure in family)
            add(config, path, node_views(shape, node, collection=not path.endswith("}"), removable=removable))
        for path, ways in operations(f"{base}/{plural}", family).items():
            add(config, path, ways)
    for path, view in {**views.PAGES, **describing.PAGES}.items():
        add(config, f"{base}/{path}", {"GET": view})
    add(config, f"{base}/spore", {"GET": lambda request: spore(request, base)})


def use_cornice(config: Configurator) -> None:
    """What services need of `config.include("cornice")`, without the property it would add to requests.

    For a property Pyramid makes a class of its own for each request, which costs more than all of its routing.
    """
    config.registry.cornice_services = {}
    config.add_directive("add_cornice_service", register_service_views)
    config.add_subscriber(wrap_request, NewRequest)


def spore(request: Request, base: str) -> Response:
    """A SPORE description of every address, for clients that read one."""
    methods = {}
    for service in request.registry.cornice_services.values():
        path = service.path.replace("{", ":").replace("}", "")
        for method, _, _ in service.definitions:
            name = f"{method}_{path.removeprefix(base)}".lower().replace("/", "_").replace(":", "")
            methods[name] = {"path": path, "method": method, "formats": ["json"]}
    description = {
        "name": "OpenProcurement API",
        "base_url": request.host_url,
        "version": request.registry.services.settings["api_version"],
        "expected_status": [200, 201],
        "methods": methods,
    }
    return answer(request, description)


def add_root(config: Configurator, base: str, root: Node, summary: frozenset[str]) -> None:
    """The feed, and the place where documents are announced."""
    add(
        config,
        f"{base}/{root.plural}",
        {"GET": lambda request: feed.page(request, root.name, summary), "POST": pipeline.announce},
    )


def add(config: Configurator, path: str, ways: Mapping[str, View]) -> None:
    """One Cornice service: the given methods, and OPTIONS that names them."""
    allowed = sorted({*ways, "OPTIONS", *(["HEAD"] if "GET" in ways else [])})
    service = Service(name=path, path=path)
    for method, view in ways.items():
        service.add_view(method, view)
    service.add_view("OPTIONS", lambda _: Response(status=200, headers={"Allow": ", ".join(allowed)}))
    config.add_cornice_service(service)
    # The configuration has the service now. Cornice's own list would keep it, and with it the whole application, for ever.
    clear_services()


def shapes(base: str, family: Iterable[Procedure]) -> dict[str, tuple[Shape, Node]]:
    """URL pattern -> what it stands for, for the union of the trees."""
    found: dict[str, tuple[Shape, Node]] = {}
    for procedure in family:
        root = procedure.root
        start = f"{base}/{{{root.name}_id}}"
        found.setdefault(start, (Shape(root.name), root))
        for path, steps, node in below(root, start, ()):
            found.setdefault(path, (Shape(root.name, steps), node))
            found.setdefault(f"{path}/{{{node.name}_id}}", (Shape(root.name, steps), node))
    return found


def below(node: Node, prefix: str, steps: Steps) -> Iterator[tuple[str, Steps, Node]]:
    """Every collection below a node: its URL pattern, the steps that lead there, its kind."""
    for child in node.children:
        key = f"{child.name}_id"
        path, here = f"{prefix}/{child.plural}", (*steps, (child.plural, key))
        yield path, here, child
        yield from below(child, f"{path}/{{{key}}}", here)


def node_views(shape: Shape, node: Node, *, collection: bool, removable: bool) -> dict[str, View]:
    """The methods of one URL pattern; `removable` if somebody may take away what it stands for."""
    if collection and not node.begins():
        return {"GET": reading(shape)}
    if collection:
        return {"GET": reading(shape), "POST": lambda request: pipeline.add(request, shape)}
    ways: dict[str, changes.Change] = {"PATCH": changes.update}
    if removable:
        ways["DELETE"] = changes.remove
    if node.versioned:
        ways["PUT"] = changes.replace_file
    return {"GET": reading(shape)} | {method: writing(shape, change) for method, change in ways.items()}


def reading(shape: Shape) -> View:
    """The view that reads."""
    return lambda request: pipeline.read(request, shape)


def past(kind: str) -> View:
    """The view of former versions."""
    return lambda request: historical.read(request, kind)


def writing(shape: Shape, change: changes.Change) -> View:
    """The view that carries out one kind of change."""
    return lambda request: pipeline.write(request, shape, change)


def operations(base: str, family: Iterable[Procedure]) -> dict[str, dict[str, View]]:
    """URL pattern -> method -> view, for what is not create, read, update or delete."""
    found: dict[str, dict[str, View]] = {}
    for procedure in family:
        for op in procedure.operations:
            path = f"{base}/{{{procedure.root.name}_id}}/{op.path}"
            shape = Shape(procedure.root.name)
            found.setdefault(path, {}).setdefault(op.method, operating(shape, op.method, op.path))
    return found


def operating(shape: Shape, method: str, path: str) -> View:
    """The view that finds the operation in the procedure of the document."""

    def change(call: Call, target: Target) -> changes.Outcome:
        return changes.operate(own_operation(target.procedure, method, path))(call, target)

    way = pipeline.consult if method == "GET" else pipeline.write
    return lambda request: way(request, shape, change)


def own_operation(procedure: Procedure, method: str, path: str) -> Operation:
    """The procedure's operation at this address. Raises NotFound if it has none."""
    found = next((op for op in procedure.operations if (op.method, op.path) == (method, path)), None)
    if found is None:
        raise NotFound(Problem("url", path, f"{procedure.method_type} has no {path} here"))
    return found
