"""Which names of places are only part of another name, and which names are longer than they look."""

from __future__ import annotations

from datetime import date

import pytest

from khabar.contract import reading_json
from khabar.model import Report
from khabar.namesakes import is_command, people_of, whole_names, without_body
from khabar.reading import load_knowledge, read


def names_of(text: str) -> set[str]:
    """Names of places that a reader of `khabar read --json` gets."""
    reading = read(Report("r", text, published=date(2015, 6, 8)), load_knowledge())
    return {m["text"] for m in reading_json(reading)["mentions"] if m["kind"] == "place"}


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        pytest.param(
            "The Second Ohio Cavalry rode from Ohio to Richmond, Va., that night.", "Ohio", None, id="troops, and the place itself"
        ),
        pytest.param(
            "Two companies of the Ninth Minnesota held the bridge at Memphis.", "Memphis", "Minnesota", id="troops without a noun"
        ),
        pytest.param("Captain Nash of the First Nebraska Infantry camped near Memphis.", "Memphis", "Nebraska", id="troops with a noun"),
        pytest.param("Colonel Hudson reached Memphis; Hudson was tired.", "Memphis", "Hudson", id="a person called by his title"),
        pytest.param("He wrote to Headquarters, District of Arizona, from Tucson.", "Tucson", "District of Arizona", id="a command"),
        pytest.param("The steamer Panama left San Francisco at noon.", "San Francisco", "Panama", id="a ship"),
        pytest.param("Pickets crossed at Morton's Ford at dawn.", "Morton's Ford", "Ford", id="a genitive and a feature"),
        pytest.param("The column went on to Camp Lincoln and halted.", "Camp Lincoln", "Lincoln", id="a camp"),
        pytest.param("A lorry burnt on State Highway 19 near Dallas.", "State Highway 19", "State Highway", id="a road with its number"),
        pytest.param("He was shot on Clinton St. in Dallas on Monday.", "Clinton St.", None, id="a street with its full stop"),
        pytest.param("Sen. Tom Oak, D-Fargo, spoke in Washington.", "Fargo", None, id="the home of a member"),
        pytest.param("The Memphis City Council met in Memphis on Monday.", "Memphis", "Memphis City", id="a town before its body"),
        pytest.param("The Sri Lankan government spoke in Colombo.", "Colombo", "Sri", id="half a people's name"),
        pytest.param(
            "She teaches at Oakwood High School, she said in Dallas.", "Dallas", "Oakwood High School", id="a body where nothing is done"
        ),
        pytest.param(
            "The Kansas Department of Transportation closed the road to Wichita.",
            "Wichita",
            "Kansas Department of Transportation",
            id="an agency",
        ),
        pytest.param(
            "Ann Clayton, 31, was freed in Memphis. A driver spoke to Clayton that night.", "Memphis", "Clayton", id="a person with an age"
        ),
        pytest.param("Two men in a red Toyota were stopped in Dallas on Monday.", "Dallas", "Toyota", id="a make of cars"),
        pytest.param("The White House spoke of talks in Dallas on Monday.", "Dallas", "White House", id="a seat of government"),
        pytest.param("Families met in City Park in Dallas on Monday.", "Dallas", "City Park", id="a feature of any town"),
        pytest.param("A lorry burnt on W. Clinton Street in Dallas.", "W. Clinton Street", None, id="a street with its side"),
        pytest.param("Shells fell on Homs and on Aleppo's Nairab Airport in Syria.", "Aleppo", None, id="a town before its airport"),
        pytest.param("The firm Stevens & Vargason builds a bridge in Dallas.", "Dallas", "Stevens", id="a firm"),
        pytest.param("Lieutenant S. C. Oakley rode to Dallas.", "Dallas", "S. C.", id="a person's initials"),
        pytest.param("Rebels left the hills. S.C. House members met in Dallas.", "S.C.", None, id="an area's letters before a body"),
        pytest.param("The train halted at Fort Karsa The men slept in tents.", "Fort Karsa", None, id="a full stop that was lost"),
        pytest.param("MANSFIELD — Three shops burnt on Monday, police said.", "MANSFIELD", None, id="a dateline"),
        pytest.param("Shells fell on Homs & Aleppo in Syria on Sunday.", "Aleppo", "Homs & Aleppo", id="two places"),
        pytest.param("Two houses burnt in Northeast Wichita on Monday, in Kansas.", "Wichita", None, id="a side of a town"),
    ],
)
def test_a_name_that_belongs_to_another_is_no_place(text: str, wanted: str, unwanted: str | None) -> None:
    found = names_of(text)
    assert wanted in found, found
    assert unwanted not in found, found


def test_a_school_that_is_hit_stays_a_place() -> None:
    assert "Oakwood High School" in names_of("Shells hit Oakwood High School in Aleppo, Syria, on Monday and killed four people.")


def test_a_district_of_a_town_is_no_command() -> None:
    assert not is_command("District of Columbia")
    assert not is_command("district of Nairobi")
    assert is_command("DISTRICT OF NORTH MISSOURI")
    assert "Arqa" in names_of("Rebels shelled the Arqa district of Aleppo in Syria on Sunday.")


def test_what_belongs_to_a_city_does_not_take_its_name() -> None:
    assert "Aleppo" in names_of("Shells fell on Aleppo's Castle Hill in Syria on Sunday.")


def test_family_names_come_from_titles_and_signatures() -> None:
    assert people_of("Lieutenant J. T. Steele and Gen. Canby met. McCOOK, Major-General. Ohio was quiet.") == {"steele", "canby", "mccook"}


def test_a_name_grows_to_the_one_it_is_part_of() -> None:
    text = "The Danville and Richmond Railroad and County Road 35 were cut."
    assert [text[slice(*span)] for span in whole_names(text, [(17, 25), (39, 50)])] == ["Danville and Richmond Railroad", "County Road 35"]


def test_a_city_is_cut_off_before_its_body_only() -> None:
    text = "Lansing City Council and Kansas City met."
    assert without_body(text, (0, 12)) == (0, 7)
    assert without_body(text, (25, 36)) == (25, 36)
