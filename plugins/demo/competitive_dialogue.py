"""What the demos of both dialogues share: the first stage, in which nobody names a price, and the taking over of the second."""

from __future__ import annotations

from typing import Any

from .above_threshold_eu import BIDDERS, REVIEWED, TENDERING, announcement, complain, review
from .below_threshold import drafted, moment, wait
from .parties import SUPPLIERS, Supplier, hryvnias, organization
from .stage import Stage
from .wire import Thing

PENDING, WAITING = "active.stage2.pending", "active.stage2.waiting"


def second_stage(stage: Stage, kind: str) -> Thing:
    """Play the first stage of a dialogue to its end, and begin the second; returns that one. Raises Failed."""
    first = announce(stage, kind)
    firms = [propose(stage, first, supplier) for supplier in BIDDERS]
    ends = moment(first.data["tenderPeriod"]["endDate"])
    wait(stage, first, REVIEWED, ends, "waiting for the end of the period of bids")
    review(stage, first, firms[-1])
    complain(stage, first, firms[-1])
    ends = moment(stage.platform("broker").get(first.url)["qualificationPeriod"]["endDate"])
    wait(stage, first, PENDING, ends, "waiting for the end of the stand-still")
    return take_over(stage, first, talk(stage, first))


def announce(stage: Stage, kind: str, **changes: Any) -> Thing:
    """A draft, published."""
    stage.act("The buyer looks for firms that can propose a solution")
    buyer = stage.platform("broker")
    draft = drafted(buyer, announcement(stage) | {"procurementMethodType": kind} | changes)
    shown = buyer.patch(draft.url, {"status": "active.tendering"}, draft.token)
    stage.tell(f"Published: {shown['tenderID']}, {hryvnias(shown['value']['amount'])} UAH in all", draft.url)
    return Thing(draft.url, draft.token, shown)


def propose(stage: Stage, first: Thing, supplier: Supplier) -> Thing:
    """One bid without a price: a draft, a description for the buyer's eyes only, then handed in."""
    platform = stage.platform(supplier.key)
    data = {
        "status": "draft",
        "tenderers": [organization(supplier.name, supplier.code)],
        "lotValues": [{"relatedLot": part["id"]} for part in first.data["lots"]],
        "selfQualified": True,
        "selfEligible": True,
    }
    made = platform.post(f"{first.url}/bids", data)
    secret = {"confidentiality": "buyerOnly", "isDescriptionDecision": "true"}
    platform.attach(made.url, "solution.txt", "Racks on wheels.\n", made.token, **secret)
    platform.patch(made.url, {"status": "pending"}, made.token)
    stage.tell(f"{supplier.name} through {supplier.key!r} proposes something; what, only the buyer reads", made.url)
    return made


def talk(stage: Stage, first: Thing) -> str:
    """The buyer talks with those who passed, and ends the talks; returns the address of the second stage."""
    stage.act("The buyer talks with those who passed; then a second stage is opened to them alone")
    buyer = stage.platform("broker")
    stage.tell(f"The talks are over: {buyer.patch(first.url, {'status': WAITING}, first.token)['status']}", first.url)
    shown = wait(stage, first, "complete", stage.now(), "waiting for the bridge between the stages")
    url = f"{first.url.rpartition('/')[0]}/{shown['stage2TenderID']}"
    stage.tell(f"The second stage is there; the first is {shown['status']}", url)
    return url


def take_over(stage: Stage, first: Thing, url: str) -> Thing:
    """The token of the first stage gives one for the second; the buyer says until when prices are offered."""
    buyer = stage.platform("broker")
    second = buyer.take_over(url, first.token)
    stage.tell(f"Taken over: {second.data['tenderID']} is {second.data['status']}", url)
    for each in second.data["shortlistedFirms"]:
        stage.tell(f"On the list: {each['name']}, for {len(each['lots'])} lots")
    period = {"endDate": (stage.now() + stage.span(TENDERING)).isoformat()}
    shown = buyer.patch(url, {"tenderPeriod": period, "status": "active.tendering"}, second.token)
    stranger = {"tenderers": [organization("Nobody LLC", "00000099")], "selfQualified": True, "selfEligible": True}
    offers = [{"relatedLot": part["id"], "value": part["value"]} for part in shown["lots"]]
    refusal = stage.platform(SUPPLIERS[0].key).refused(f"{url}/bids", stranger | {"lotValues": offers})
    stage.tell(f"To bid without being on the list: {refusal}")
    return Thing(url, second.token, shown)
