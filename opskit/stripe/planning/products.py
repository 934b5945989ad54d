"""Products: found by their id, made with it. Their id and type never change; all else is updated in place."""

from collections.abc import Iterator

from opskit.stripe.catalogue import Catalogue, Product
from opskit.stripe.planning.alike import twin_of
from opskit.stripe.planning.steps import Action, Choice, Conflict, Kept, Write
from opskit.stripe.remote import Held, HeldProduct, owner, stamp


def plan_products(catalogue: Catalogue, held: Held, kept: Kept, choice: Choice) -> Iterator[Write | Conflict]:
    by_id = {p.id: p for p in held.products}
    for wanted in catalogue.products:
        found = by_id.get(wanted.id)
        yield from _changed(catalogue, wanted, found, choice) if found else _created(catalogue, wanted, held, kept, choice)


def archive_products(catalogue: Catalogue, held: Held) -> Iterator[Write]:
    """Ours, and no longer in the file. Prices of an archived product sell nothing new; who pays already goes on paying."""
    wanted = {p.id for p in catalogue.products}
    for found in held.products:
        if found.active and found.id not in wanted and owner(found.metadata) == catalogue.project:
            yield Write("archive", "product", _name(found), found.id, {"active": False}, "it is no longer in stripe.yaml")


def _created(catalogue: Catalogue, wanted: Product, held: Held, kept: Kept, choice: Choice) -> Iterator[Write | Conflict]:
    if (twin := twin_of(wanted, held, catalogue.project)) and not choice.create:
        alike = f"{twin.id} looks like `{wanted.key}` (the name and a price are the same), and this project did not make it"
        yield Conflict("OPS-S002", alike, f"--adopt {twin.id} to take it over, or --create for a second one", wanted.place)
        return
    params = {"id": wanted.id, "name": wanted.name, **_spelled(wanted), "metadata": stamp(catalogue.project, wanted.key)}
    bump = kept.bumps.get(f"product:{wanted.key}", 0)
    yield Write("create", "product", wanted.key, wanted.id, params, "the account has no product of this id", f"#{bump}")


def _changed(catalogue: Catalogue, wanted: Product, found: HeldProduct, choice: Choice) -> Iterator[Write | Conflict]:
    ours = owner(found.metadata) == catalogue.project
    if not ours and found.id not in choice.adopt:
        other = owner(found.metadata)
        whose = f"belongs to the project `{other}`" if other else "was not made by opskit"
        renamed = f"; `project: {other}` in stripe.yaml, if this is that project under another name" if other else ""
        yield Conflict("OPS-S003", f"the product {found.id} {whose}",
                       f"--adopt {found.id} to take it over, or give `{wanted.key}` another id{renamed}", wanted.id_place or wanted.place)
        return
    params: dict[str, object] = {} if found.name == wanted.name else {"name": wanted.name}
    params |= {name: value for name, value in _spelled(wanted).items() if found.fields.get(name) != value}
    if any(found.metadata.get(k) != v for k, v in stamp(catalogue.project, wanted.key).items()):
        params["metadata"] = stamp(catalogue.project, wanted.key)
    changed = ", ".join(params)
    if not found.active:
        params["active"] = True
    if params:
        action: Action = "adopt" if not ours else "reactivate" if "active" in params else "update"
        why = "it is to be ours" if not ours else "it is archived" if action == "reactivate" else f"{changed} changed"
        yield Write(action, "product", wanted.key, found.id, params, why)


def _spelled(wanted: Product) -> dict[str, object]:
    """The optional fields as the API takes them; an empty one takes the value away."""
    found = dict(wanted.fields)
    if "marketing_features" in found:
        found["marketing_features"] = [{"name": name} for name in found["marketing_features"]] or ""
    return found


def _name(found: HeldProduct) -> str:
    return found.metadata.get("opskit_key") or found.id
