"""What a user must be able to rely on when a name is spelled in a way that no list has. The names are invented or common words."""

from __future__ import annotations

import pytest

from khabar.likeness import differences, likeness, likenesses
from khabar.romanising import skeleton, sounds


def alike(one: str, other: str) -> float:
    return likeness(sounds(one), sounds(other))


@pytest.mark.parametrize(
    "pair",
    [
        "Ash-Shaykh Sulayman | Sheikh Suleiman | sun letter, diphthong",
        "Qal'at al-Ward | Kalat Elward | q and k, an article written with the word",
        "Jdeideh | Djedida | dj and j, final a",
        "Kafr Zayta | Kfar Zita | vowels",
        "Tall Mannakh | Tel Managh | kh and gh, doubling",
        "Dawwar al-Zahra | Duwar Zahraa | aw, doubling, hamza",
        "Ghazaliyah | Gazaliyeh | gh and g, -iya and -iyeh",
        "Muhsiniya | Mohseniyeh | u and o",
        "Umm al-Thumur | Oum Toumour | French ou, th and t",
        "Cheikh Hassan | Sheikh Hasan | French ch",
        "تل الورد | Tell al-Ward | Arabic script",
        "قرية الزهراء | Qaryat al-Zahra | ta marbuta before another word",
        "کوه سفید | Koh-e Safid | Persian letters",
        "Луганськ | Luhansk | Cyrillic, h and g",
        "Харків | Kharkov | Cyrillic and a Russian form",
        "Чорноморськ | Chornomorsk | Cyrillic, soft sign",
        "መቀሌ | Mekelle | Ge'ez",
        "አዲግራት | Adigrat | Ge'ez",
        "Hpakant | Pakkan | Burmese aspirate",
        "တောင်ကြီးမြို့ | Taunggyi | Burmese writing, the word for a town",
        "ကျောက်ဖြူ | Kyaukpyu | Burmese writing, a closed syllable",
        "မန္တလေး | Mandalay | Burmese writing, letters one above the other",
        "သံတွဲ | Thandwe | Burmese writing, a nasal sign",
        "Гадяч | Hadiach | Cyrillic, г in Ukrainian",
        "Гагарин | Gagarin | Cyrillic, г in Russian",
        "חיפה | Haifa | Hebrew",
        "אשקלון | Ashkelon | Hebrew, a vowel letter",
        "Cizre | Jizre | c before e and i",
        "Cork | Kork | c before another vowel",
        "Gwoza | Gwaza | Hausa",
        "Ouagadougou | Wagadugu | French oua",
        "Saint-Louis | Saint Louis | hyphen",
    ],
    ids=lambda pair: pair.split(" | ")[2],
)
def test_two_spellings_of_one_name_are_much_alike(pair: str) -> None:
    one, other, _ = pair.split(" | ")
    assert alike(one, other) >= 0.74


@pytest.mark.parametrize("pair", ["Salqin | Sarmin", "Ariha | Azaz", "Tell Ward | Tell Zahr", "Bab | Bara", "Kobani | Kunduz"])
def test_two_names_that_only_look_alike_are_less_so(pair: str) -> None:
    assert alike(*pair.split(" | ")) < 0.74


def test_east_is_not_west_and_big_is_not_small_in_any_language() -> None:
    assert alike("Eastern Ward", "Ward al-Sharqiya") > alike("Eastern Ward", "Ward") > alike("Eastern Ward", "Ward al-Gharbiya")
    assert skeleton("Velyka Novosilka") == skeleton("Great Novosilka") != skeleton("Mala Novosilka")
    assert skeleton("Nahr al-Ward") == skeleton("Ward River") == skeleton("نهر الورد")


def test_a_common_word_weighs_less_than_a_rare_one() -> None:
    def weigh(word: str) -> float:
        return 0.3 if word == sounds("Tell").words[0] else 1.0

    without_common = likeness(sounds("Tell Zanbur"), sounds("Zanbur"), weigh)
    without_rare = likeness(sounds("Tell Zanbur"), sounds("Tell"), weigh)
    assert without_common > 0.8 > without_rare


def test_names_compared_together_are_as_alike_as_one_by_one() -> None:
    asked, listed = sounds("Kafr Zanbur"), [sounds(name) for name in ("Kfar Zanbour", "Zanbur", "Kafr Ward", "", "Tell", "Kafr Zanbur")]
    assert likenesses(asked, listed, [lambda word: 1.0] * len(listed)) == [likeness(asked, one) for one in listed]


def test_east_in_another_script_is_east() -> None:
    assert sounds("Північний Оскіл").meanings == {"north"}


def test_the_order_of_words_does_not_matter() -> None:
    assert alike("Zanbur Ward", "Ward Zanbur") == pytest.approx(1.0)


def test_likeness_is_from_zero_to_one_and_whole_for_the_same() -> None:
    assert alike("Zanbur", "Zanbur") == 1.0
    assert 0.0 <= alike("Zanbur", "Iheki") < 0.5


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("Zanbur", "Zenbour", ("other vowels",)),
        ("Ward", "Western Ward", ("the list adds west",)),
        ("Jarmaq", "Garmaq", ("j for g",)),
        ("Tell Zanbur", "Zanbur", ("the list lacks tel",)),
        ("Zanbur", "Zanbur", ()),
    ],
)
def test_what_sets_two_names_apart_is_told_in_words(one: str, other: str, told: tuple[str, ...]) -> None:
    assert differences(sounds(one), sounds(other)) == told
