"""The form and the record of rows that are part of it, as a person sees them on a small screen."""

import httpx
import pytest

from crmtui.model.record import Ref
from crmtui.tui.screens.conflict import ConflictScreen
from crmtui.tui.screens.form import FormScreen
from crmtui.tui.screens.review import ReviewScreen
from tests.conftest import Serve, Served
from tests.tui.driver import NORMAL, Driven, played, reading

ANN = Ref("acme", "parties", "1002")
SMALL = (80, 24)


@pytest.fixture(params=["capsule", "capsule-v1"])
def served(request: pytest.FixtureRequest, serve: Serve) -> Served:
    return serve(crm=request.param)


def form(app: Driven) -> FormScreen:
    screen = app.app.screen
    assert isinstance(screen, FormScreen)
    return screen


async def go(app: Driven, name: str) -> None:
    form(app).set_focus(form(app).panel.rows[name].editor)
    await app.pilot.pause()


async def begin(app: Driven) -> list[str]:
    """Opens the form; the names of the phones' editors."""
    await app.press("e")
    await app.on(FormScreen)
    return [name for name in form(app).form.fields if name.startswith("phoneNumbers.")]


@played
async def test_the_record_shows_a_row_a_line(served: Served) -> None:
    async with reading(served, ANN, "Phone numbers", size=SMALL) as app:
        await app.shows(
            "Work    +44 20 7946 0000", "Mobile  +44 7700 900000", "Office  1 High Street, London"
        )
        assert "{" not in app.text


@played
async def test_one_phone_is_changed_one_removed_one_added(served: Served) -> None:
    async with reading(served, ANN, size=SMALL) as app:
        phones = await begin(app)
        await app.shows("── Phone numbers", "Number", "  Type", "+ Number")
        await go(app, phones[0])
        await app.write("99")
        await go(app, phones[2])
        await app.press("ctrl+u")
        await go(app, "phoneNumbers.+.number")
        await app.write("+33 1")
        await app.until(lambda: "phoneNumbers.+2.number" in form(app).panel.rows, "another new row")
        await go(app, "phoneNumbers.+.type")
        await app.write("fax")
        await app.press("enter", "ctrl+s")
        await app.on(ReviewScreen)
        await app.shows(
            "Phone numbers · Work +44 20 7946 0000 → +44 20 7946 000099",
            "Phone numbers · Mobile +44 7700 900000 → removed",
            "Phone numbers · Fax — → +33 1 (new)",
        )
        await app.press("enter")
        await app.at_record("Work  +44 20 7946 000099", "Fax   +33 1", "ann.lee@mail.example")


@played
async def test_the_type_of_a_new_record_decides_its_fields(served: Served) -> None:
    async with reading(served, ANN, size=SMALL) as app:
        await app.press("n")
        await app.on(FormScreen)
        await app.shows("First name", "Person")
        await app.write("Ann")
        await go(app, "type")
        await app.write("organ")
        await app.shows("First name")
        await app.press("enter")
        await app.hides("First name")
        await app.press("tab")
        await app.write("Zeta plc")
        await go(app, "type")
        await app.write("person")
        await app.press("enter")
        await app.shows("First name", "Ann")
        await go(app, "firstName")
        await go(app, "type")
        await app.write("organisation")
        await app.press("enter", "ctrl+s")
        await app.on(ReviewScreen)
        await app.shows("Zeta plc", "POST")


@played
async def test_a_draft_of_a_new_row_comes_back_at_its_line(served: Served) -> None:
    async with reading(served, ANN, size=SMALL) as app:
        await begin(app)
        await go(app, "phoneNumbers.+.number")
        await app.write("+33 1")
        await app.press("escape")
        await app.at_record()
        await app.press("e")
        await app.on(FormScreen)
        await app.shows("draft from", "+33 1")
        assert form(app).focused is form(app).panel.rows["phoneNumbers.+.number"].editor
        await app.press("ctrl+x")
        await app.hides("+33 1")
        assert "phoneNumbers.+2.number" not in form(app).panel.rows


@played
async def test_what_somebody_else_did_to_the_same_row_is_decided_on(served: Served) -> None:
    async with reading(served, ANN, size=NORMAL) as app:
        phones = await begin(app)
        await go(app, phones[0])
        await app.write("99")
        elsewhere(served, phones[0])
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        await app.press("enter")
        await app.on(ConflictScreen)
        await app.shows("Work +44 20 7946 000099", "Work theirs")
        await app.press("escape")
        await app.on(FormScreen)
        await app.shows("What you typed is kept")
        await app.press("ctrl+s")
        await app.on(ReviewScreen)
        await app.press("enter")
        await app.on(ConflictScreen)
        await app.press("t", "ctrl+s")
        await app.at_record("Work    theirs")


def elsewhere(served: Served, editor: str) -> None:
    """Somebody else changes a phone number."""
    url, id_ = served.connection.url, editor.split(".")[1]
    if served.connection.crm == "capsule":
        body = {"party": {"phoneNumbers": [{"id": int(id_), "number": "theirs"}]}}
        bearer = {"Authorization": f"Bearer {served.token}"}
        answer = httpx.put(f"{url}/api/v2/parties/{ANN.id}", json=body, headers=bearer, trust_env=False)
    else:
        phone = f"<phone><id>{id_}</id><phoneNumber>theirs</phoneNumber></phone>"
        answer = httpx.put(
            f"{url}/api/person/{ANN.id}",
            content=f"<person><contacts>{phone}</contacts></person>",
            headers={"Content-Type": "text/xml", "Accept": "application/xml"},
            auth=(served.token, "x"),
            trust_env=False,
        )
    assert answer.status_code == 200, answer.text
